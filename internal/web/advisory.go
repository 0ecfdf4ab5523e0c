package web

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/advisory"
	"patchline/internal/risk"
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
		ID: k.ID, Title: k.Title, Description: k.Description, State: k.State, PublishedAt: orNull(k.Published),
		Aliases: list(k.Aliases), References: list(k.References),
		Kev: nothing(api.Vulnerability{}.Kev), Epss: nothing(api.Vulnerability{}.Epss), Ssvc: nothing(api.Vulnerability{}.Ssvc),
	}
	putListing(&out, k.KEV)
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
	v.Source = "cisa-adp"
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
	out.Cvss = room(out.Cvss, len(ratings))
	for i, r := range ratings {
		v := &out.Cvss[i]
		v.Source, v.Version, v.Vector = r.Source, r.Version, r.Vector
		v.PublishedScore, v.BaseScore = nullable.NewNullNullable[float64](), orNull(r.Base())
		if r.Score > 0 {
			v.PublishedScore.Set(r.Score)
		}
		score := r.Score
		if base := r.Base(); base != nil {
			score = *base
		}
		v.Severity = string(risk.SeverityOf(score))
	}
}

// room is a list of n empty values; never nil, which would be null.
func room[T any](_ []T, n int) []T { return make([]T, n) }

func dateOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }
