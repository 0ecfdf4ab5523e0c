package scan

import "strings"

// Known is a kind of file that is read, as people are told of it.
type Known struct {
	Format  Format
	Maker   string // the tool or the standard: "Trivy"
	Title   string // maker and layout: "Trivy (JSON)"
	Brings  string // what an import of it brings
	Example string // a command that makes such a file, or an address that has some; may be empty
}

// Formats are all kinds of file that are read, the usual ones first. The import
// page, the API and the README say the same, because all three take it from here.
var Formats = []Known{
	{TrivyJSON, "Trivy", "Trivy (JSON)", "findings of images, file systems and clusters, with their fixed versions", "trivy image --format json --output report.json IMAGE"},
	{GrypeJSON, "Grype", "Grype (JSON)", "findings with their fixed versions, EPSS and KEV", "grype IMAGE --output json --file report.json"},
	{OSVScanner, "osv-scanner", "osv-scanner (JSON)", "findings of lock files and images", "osv-scanner scan --format json . > report.json"},
	{SnykJSON, "Snyk", "Snyk (JSON)", "findings of projects and images, with the versions they are fixed in", "snyk test --all-projects --json > report.json"},
	{Govulncheck, "govulncheck", "govulncheck (JSON)", "vulnerabilities of Go modules; those that are not reached open no work", "govulncheck -json ./... > report.json"},
	{InspectorJSON, "Amazon Inspector", "Amazon Inspector (JSON)", "findings of instances, images and functions; also as events or passed on by Security Hub", "aws inspector2 list-findings > report.json"},
	{DependencyCheckXML, "Dependency-Check", "Dependency-Check (XML)", "findings of an application's dependencies", "dependency-check.sh --format XML --scan ."},
	{DependencyCheckJSON, "Dependency-Check", "Dependency-Check (JSON)", "findings of an application's dependencies", "dependency-check.sh --format JSON --scan ."},
	{NessusXML, "Nessus", "Nessus (XML)", "findings of hosts, with the KB or version that solves them", ""},
	{NessusCSV, "Nessus", "Nessus (CSV)", "findings of hosts", ""},
	{QualysCSV, "Qualys", "Qualys (CSV)", "findings of hosts; scan reports, VMDR and PCI, with lines before the table", ""},
	{QualysXML, "Qualys", "Qualys (XML)", "findings of hosts; asset data reports, host detection lists, scan reports", ""},
	{OpenVASXML, "OpenVAS", "OpenVAS or Greenbone (XML)", "findings of hosts; a report, nested or in the answer to get_reports", `gvm-cli socket --xml '<get_reports report_id="ID" details="1"/>' > report.xml`},
	{OpenVASCSV, "OpenVAS", "OpenVAS or Greenbone (CSV)", "findings of hosts", ""},
	{DefenderJSON, "Microsoft Defender", "Microsoft Defender (JSON)", "vulnerabilities of software on devices, with the KB that solves them", "https://api.securitycenter.microsoft.com/api/machines/SoftwareVulnerabilitiesByMachine"},
	{DefenderCSV, "Microsoft Defender", "Microsoft Defender (CSV)", "DeviceTvmSoftwareVulnerabilities, exported from advanced hunting", ""},
	{SARIF, "SARIF", "SARIF 2.1 (JSON)", "results that name a vulnerability and a component", "trivy fs --format sarif --output report.sarif ."},
	{CycloneDX, "CycloneDX", "CycloneDX 1.0–1.7 (JSON)", "installed components; vulnerabilities and VEX statements, if it has them", "syft IMAGE -o cyclonedx-json > bom.json"},
	{CycloneDXXML, "CycloneDX", "CycloneDX 1.0–1.7 (XML)", "the same in XML", "cyclonedx-cli convert --input-file bom.json --output-format xml"},
	{SPDXJSON, "SPDX", "SPDX 2.x (JSON)", "installed components", "syft IMAGE -o spdx-json > bom.json"},
	{AptListText, "apt", "apt list (text)", "pending security updates of a Debian or Ubuntu host; other updates are counted", "LC_ALL=C apt list --upgradable > HOST.txt"},
	{AptSimulateText, "apt", "apt-get -s (text)", "the same, from a simulated upgrade", "apt-get -s dist-upgrade > HOST.txt"},
	{UpdateinfoText, "dnf", "dnf or yum updateinfo (text)", "advisories that a host of the Red Hat family lacks; those without a security fix are counted", "dnf updateinfo list > HOST.txt"},
	{RPMText, "rpm", "rpm (text)", "installed packages of a host of the Red Hat or SUSE family", `rpm -qa --qf '%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{ARCH}\n' > HOST.txt`},
	{DpkgText, "dpkg", "dpkg (text)", "installed packages of a Debian or Ubuntu host", `dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\t${db:Status-Status}\n' > HOST.tsv`},
	{WindowsUpdateText, "Windows Update", "Windows Update (text)", "pending security updates of Windows hosts, or their history", "Get-WindowsUpdate > HOST.txt"},
	{WindowsUpdateCSV, "Windows Update", "Windows Update (CSV)", "the same", "Get-WindowsUpdate | Export-Csv HOST.csv"},
	{WindowsUpdateJSON, "Windows Update", "Windows Update (JSON)", "the same, with CVEs and categories", "Get-WindowsUpdate | ConvertTo-Json -Depth 4 > HOST.json"},
	{HotfixText, "Windows hotfix lists", "Windows hotfixes (text)", "updates that are installed on Windows hosts", "Get-HotFix > HOST.txt"},
	{HotfixCSV, "Windows hotfix lists", "Windows hotfixes (CSV)", "the same", "wmic qfe list /format:csv > HOST.csv"},
	{HotfixJSON, "Windows hotfix lists", "Windows hotfixes (JSON)", "the same", "Get-HotFix | ConvertTo-Json > HOST.json"},
	{OpenVEX, "OpenVEX", "OpenVEX (JSON)", "a supplier's statements about products", "vexctl create … > vex.json"},
	{CSAFJSON, "CSAF", "CSAF 2.x (JSON)", "a vendor's advisory or VEX: vulnerabilities, products, fixed versions", "https://access.redhat.com/security/data/csaf/v2/"},
	{OSVJSON, "OSV", "OSV records (JSON)", "vulnerabilities with their packages and fixed versions; also many in an archive", "https://osv.dev"},
	{NVDJSON, "NVD", "NVD records (JSON)", "vulnerabilities with CVSS, CWE and products", "https://services.nvd.nist.gov/rest/json/cves/2.0"},
	{CVE5JSON, "CVE", "CVE records 5.x (JSON)", "CVSS vectors, SSVC of Vulnrichment, KEV assertions, descriptions; also many in an archive", "https://github.com/cisagov/vulnrichment"},
	{KEVJSON, "KEV", "CISA KEV (JSON)", "known exploited vulnerabilities and their dates", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"},
	{KEVCSV, "KEV", "CISA KEV (CSV)", "known exploited vulnerabilities and their dates", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"},
	{EPSSCSV, "EPSS", "EPSS (CSV)", "probabilities of exploitation, the model and the day", "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"},
	{GenericCSV, "our own table", "Findings (CSV)", "findings from anywhere else; its columns are below", ""},
}

// makers are named once each.
func makers() string {
	var names []string
	for _, k := range Formats {
		if len(names) == 0 || names[len(names)-1] != k.Maker {
			names = append(names, k.Maker)
		}
	}
	return strings.Join(names, ", ")
}

// accepted is the last sentence of every refusal of a foreign file.
var accepted = "accepted are files of these kinds: " + makers()
