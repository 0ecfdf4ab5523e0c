package advisory_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/advisory"
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

func TestDocumentsAndStatementsFollowTheirVulnerabilityToItsCVE(t *testing.T) {
	onShelf(t, func(s *shelf) {
		people, err := team.New(s.Context(), s.db)
		require.NoError(s, err)
		inf, err := people.AddTeam(s.Context(), audit.Server, team.NewTeam{Key: "INF", Name: "I"})
		require.NoError(s, err)
		const ghsa = "GHSA-aaaa-bbbb-cccc"
		said := advisory.Statement{Vulnerability: ghsa, Named: ghsa, Source: "openvex", Product: "web", Status: "not_affected"}
		keep := func() {
			s.write(func(tx *db.Tx) ([]string, error) {
				record := &scan.Vulnerability{ID: ghsa, Title: "A flaw", Published: at("2024-01-01")}
				about := scan.Snapshot{Source: "osv"}
				d, ok := advisory.DocumentOf(about, record, said.Vulnerability)
				require.True(s, ok)
				if err := advisory.KeepStatements(tx, inf.ID, []advisory.Statement{said}); err != nil {
					return nil, err
				}
				return nil, advisory.KeepDocuments(tx, []advisory.Described{d})
			})
		}
		keep()
		s.join(advisory.Group{ID: ghsa, Aliases: []string{id}})
		said.Vulnerability, said.Status = id, "affected"
		keep()
		require.Len(s, s.page(id).Advisories, 1, "the same document is one, whatever the id")
		assert.Equal(s, ghsa, s.page(ghsa).Advisories[0].ID)
		list, err := advisory.New(s.db).Statements(s.Context(), inf.ID, id)
		require.NoError(s, err)
		require.Len(s, list, 1)
		assert.Equal(s, "affected", list[0].Status)
		none, err := advisory.New(s.db).Statements(s.Context(), "another team", id)
		require.NoError(s, err)
		assert.Empty(s, none)
	})
}

func TestAddressesLeadToPublishersAndNowhereElse(t *testing.T) {
	for document, want := range map[string]string{
		"GHSA-aaaa-bbbb-cccc": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
		"RHSA-2022:0011":      "https://access.redhat.com/errata/RHSA-2022:0011",
		"GHSA-../../evil":     "",
		"javascript:alert(1)": "",
		"some-vendor-1":       "",
	} {
		assert.Equal(t, want, advisory.Address(document), document)
	}
}
