package intake

import (
	"context"
	"strings"

	"patchline/internal/asset"
	"patchline/internal/scan"
)

// bare gives packages that a report names without their ecosystem, as SARIF does, the
// one under which the package is known on the same asset. Where none or several are
// known the package stays as it is.
type bare struct {
	known func(nameKey string) ([]string, error) // components of an asset by its name's identity
	asset string
	names map[string]string // ecosystems of its components by their names; several where it has more than one
	err   error
}

const several = "several"

func (r *run) bare(ctx context.Context) *bare {
	return &bare{known: func(nameKey string) ([]string, error) { return componentsOn(r.db.Read(ctx), r.team.ID, nameKey) }}
}

func (b *bare) complete(item scan.Item) {
	if item.Finding == nil || !item.Finding.Component.Bare {
		return
	}
	f := item.Finding
	if b.names == nil || b.asset != f.Asset.Name {
		b.learn(f.Asset.Name)
	}
	if ecosystem := b.names[strings.ToLower(f.Component.Name)]; ecosystem != "" && ecosystem != several {
		f.Component.Ecosystem = ecosystem
	}
}

func (b *bare) learn(name string) {
	b.asset, b.names = name, map[string]string{}
	list, err := b.known(asset.NameKey(name))
	if err != nil {
		b.err = err
		return
	}
	for _, component := range list {
		ecosystem, name, _ := strings.Cut(component, ":")
		name = strings.ToLower(name)
		switch known := b.names[name]; {
		case ecosystem == "generic":
		case known == "":
			b.names[name] = ecosystem
		case known != ecosystem:
			b.names[name] = several
		}
	}
}
