package scan

// Key is the identity of the component without its version.
func (c Component) Key() string { return c.Ecosystem + ":" + c.Name }

// Compare orders two versions by the rules of their ecosystem: -1, 0 or 1.
func Compare(ecosystem, a, b string) int { return 0 }

// GenericCSVColumns are the columns of generic-csv, required ones first.
var GenericCSVColumns = []string{"asset", "component", "vulnerability", "asset_kind", "ecosystem", "installed_version",
	"fixed_version", "severity", "cvss_vector", "cvss_score", "title", "status", "url"}
