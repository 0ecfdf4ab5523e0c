package web

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/advisory"
	"patchline/internal/backlog"
	"patchline/internal/risk"
	"patchline/internal/team"
)

func (h *handlers) GetVulnerability(ctx context.Context, r api.GetVulnerabilityRequestObject) (api.GetVulnerabilityResponseObject, error) {
	k, err := h.Advisory.Get(ctx, r.Cve)
	if err != nil {
		return nil, err
	}
	return api.GetVulnerability200JSONResponse(vulnerabilityOut(k)), nil
}

func vulnerabilityOut(k *advisory.Knowledge) api.Vulnerability {
	out := api.Vulnerability{
		ID: k.ID, Known: k.Known, Title: k.Title, Description: k.Description, State: k.State, PublishedAt: orNull(k.Published),
		Source: k.Source, AsOf: orNull(k.AsOf),
		Aliases: list(k.Aliases), References: list(k.References),
		Kev: nothing(api.Vulnerability{}.Kev), Epss: nothing(api.Vulnerability{}.Epss), Ssvc: nothing(api.Vulnerability{}.Ssvc),
	}
	putListing(&out, k.KEV)
	putSaid(&out, k)
	putLikelihood(&out, k.EPSS)
	putRatings(&out, k.Ratings)
	putDecision(&out, k.SSVC)
	return out
}

// nothing is null of the same kind. The contract's generator leaves these kinds
// without a name.
func nothing[T any](nullable.Nullable[T]) nullable.Nullable[T] { return nullable.NewNullNullable[T]() }

// blank is an empty value of the kind that a field holds.
func blank[T any](nullable.Nullable[T]) (v T) { return v }

func putListing(out *api.Vulnerability, l *advisory.Listing) {
	if l == nil {
		return
	}
	v := blank(out.Kev)
	v.DateAdded, v.Name, v.Vendor, v.Product = dateOf(l.Added), l.Name, l.Vendor, l.Product
	v.Action, v.Ransomware, v.Source, v.AsOf = l.Action, l.Ransomware, l.Source, l.AsOf
	if l.Due != nil {
		v.DueDate = dateOf(*l.Due)
	}
	out.Kev.Set(v)
}

func putLikelihood(out *api.Vulnerability, l *advisory.Likelihood) {
	if l == nil {
		return
	}
	v := blank(out.Epss)
	v.Probability, v.Percentile, v.ModelVersion = l.Probability, l.Percentile, l.Model
	if l.ScoreDate.Unix() > 0 {
		v.ScoreDate = dateOf(l.ScoreDate)
	}
	out.Epss.Set(v)
}

func putDecision(out *api.Vulnerability, d *advisory.Decision) {
	if d == nil {
		return
	}
	v := blank(out.Ssvc)
	v.Source, v.AsOf = "cisa-adp", dateOf(d.AsOf)
	v.Exploitation = nullable.NewNullNullable[string]()
	if d.Exploitation != "" {
		v.Exploitation.Set(d.Exploitation)
	}
	v.Automatable = orNull(d.Automatable)
	v.TechnicalImpact = nullable.NewNullNullable[api.VulnerabilitySsvcTechnicalImpact]()
	if d.TotalImpact != nil {
		v.TechnicalImpact.Set(impact(*d.TotalImpact))
	}
	out.Ssvc.Set(v)
}

func impact(total bool) api.VulnerabilitySsvcTechnicalImpact {
	if total {
		return "total"
	}
	return "partial"
}

// putRatings shows each rating beside the score that its vector yields.
func putRatings(out *api.Vulnerability, ratings []advisory.Rating) {
	counted := false // the first one that says anything scores
	out.Cvss = room(out.Cvss, len(ratings))
	for i, r := range ratings {
		v := &out.Cvss[i]
		v.Source, v.Version, v.Vector = r.Source, r.Version, r.Vector
		v.PublishedScore, v.BaseScore = nullable.NewNullNullable[float64](), orNull(r.Base())
		if r.Score > 0 {
			v.PublishedScore.Set(r.Score)
		}
		score, base := r.Score, r.Base()
		if base != nil {
			score, v.Differs = *base, r.Score > 0 && r.Score != *base
		}
		v.By, v.Counts = r.By, !counted && (base != nil || r.Score > 0)
		counted = counted || v.Counts
		v.Severity = string(risk.SeverityOf(score))
	}
}

// room is a list of n empty values; never nil, which would be null.
func room[T any](_ []T, n int) []T { return make([]T, n) }

func dateOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// putSaid lists who says what beside the summary.
func putSaid(out *api.Vulnerability, k *advisory.Knowledge) {
	out.KevAssertions = room(out.KevAssertions, len(k.Listings))
	for i, l := range k.Listings {
		v := &out.KevAssertions[i]
		v.Source, v.DateAdded, v.AsOf = l.Source, dateOf(l.Added), l.AsOf
	}
	out.EpssHistory = room(out.EpssHistory, len(k.History))
	for i, p := range k.History {
		v := &out.EpssHistory[i]
		v.Date, v.Probability, v.Percentile = dateOf(p.Day), p.Probability, p.Percentile
	}
	out.Advisories = room(out.Advisories, len(k.Advisories))
	for i, d := range k.Advisories {
		v := &out.Advisories[i]
		v.Source, v.Document, v.Title, v.URL = d.Source, d.ID, d.Title, advisory.Address(d.ID)
		v.PublishedAt, v.ChangedAt = orNull(d.Published), orNull(d.Changed)
	}
}

func (h *handlers) GetTeamVulnerability(ctx context.Context, r api.GetTeamVulnerabilityRequestObject) (api.GetTeamVulnerabilityResponseObject, error) {
	t := h.team(ctx)
	id, err := h.Advisory.Resolve(ctx, r.Cve)
	if err != nil {
		return nil, err
	}
	affected, err := h.Backlog.Affected(ctx, t, id)
	if err != nil {
		return nil, err
	}
	said, err := h.Advisory.Statements(ctx, t.ID, id)
	if err != nil {
		return nil, err
	}
	signals, exploitation, err := h.Advisory.Signals(ctx, id)
	if err != nil {
		return nil, err
	}
	out := affectedOut(t, affected)
	out.ID = id
	putStatements(&out, said)
	out.Decisions = nothing(out.Decisions)
	if d := affected.Decide(signals.Vulnerability, exploitation); d != nil {
		v := blank(out.Decisions)
		v.Asset, v.Coordinator, v.Deployer = d.Asset, decisionOut(d.Coordinator), decisionOut(d.Deployer)
		out.Decisions.Set(v)
	}
	return api.GetTeamVulnerability200JSONResponse(out), nil
}

func affectedOut(t *team.Team, a *backlog.Affected) (out api.TeamVulnerability) {
	out.Assets, out.FindingsCount = int(a.Assets), int(a.Count)
	out.Findings = room(out.Findings, len(a.Findings))
	for i, f := range a.Findings {
		v := &out.Findings[i]
		v.Asset.ID, v.Asset.Name = f.AssetID, f.AssetName
		v.Criticality, v.Exposure = api.Criticality(f.Criticality), api.Exposure(f.Exposure)
		v.Component, v.InstalledVersion, v.FixedVersion = f.Component, f.InstalledVersion, f.FixedVersion
		v.Status, v.Sources, v.ChangedAt = api.TeamVulnerabilityFindingsStatus(f.Status), f.Sources, f.ChangedAt
		v.Patch = nullable.NewNullNullable[string]()
		if f.PatchNumber != nil {
			v.Patch.Set(backlog.Key(t.Key, *f.PatchNumber))
		}
	}
	out.Patches = room(out.Patches, len(a.Patches))
	for i, p := range a.Patches {
		v := &out.Patches[i]
		v.Key, v.Title, v.Status, v.Open = backlog.Key(t.Key, p.Number), p.Title, api.Status(p.Status), p.IsOpen
		v.Priority, v.DueAt = p.Priority, orNull(p.DueAt)
	}
	return out
}

func putStatements(out *api.TeamVulnerability, said []advisory.Statement) {
	out.Statements = room(out.Statements, len(said))
	for i, s := range said {
		v := &out.Statements[i]
		v.Source, v.Document, v.Product, v.Component = s.Source, s.Document, s.Product, s.Component
		v.Status, v.Justification, v.Action, v.URL, v.At = s.Status, s.Justification, s.Action, s.URL, orNull(s.At)
	}
}

func decisionOut(d risk.DecisionView) api.Decision {
	return api.Decision{Outcome: d.Outcome, Inputs: each(d.Inputs, func(i *risk.DecisionInput) api.DecisionInput {
		return api.DecisionInput{Name: api.DecisionInputName(i.Name), Value: i.Value, Source: i.Source, Assumed: i.Assumed}
	})}
}
