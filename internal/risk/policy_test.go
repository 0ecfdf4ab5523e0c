package risk_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/risk"
)

func TestShippedPoliciesAreValidAndSurviveStorage(t *testing.T) {
	for _, want := range risk.ShippedPolicies() {
		require.NoError(t, want.Validate(), want.ID)
		assert.NotEmpty(t, want.Citation)
		stored, err := json.Marshal(want)
		require.NoError(t, err)
		var got risk.Policy
		require.NoError(t, json.Unmarshal(stored, &got))
		assert.Equal(t, want, got)
	}
}

func TestPoliciesAreStoredInPlainSnakeCase(t *testing.T) {
	p := risk.Policy{
		ID: "own", Name: "Own", Version: "3", Citation: "Handbook 4.2", Regulation: "iso", NotPastKEVDue: true,
		Timelines: []risk.TimelineRow{{
			Circumstances: risk.Circumstances{KEV: true, Exposed: true}, Timeline: risk.Timeline{Days: 2, Forensics: true},
		}},
	}
	stored, err := json.Marshal(p)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"own","name":"Own","version":"3","citation":"Handbook 4.2","regulation":"iso",
		"timelines":[{"kev":true,"exposed":true,"automatable":false,"total_impact":false,"days":2,"forensics":true}],
		"not_past_kev_due":true}`, string(stored))

	stored, err = json.Marshal(risk.SeverityPolicy(5, 0, 0, 0))
	require.NoError(t, err)
	assert.Contains(t, string(stored), `"severity_days":{"critical":5}`)
}

func TestAnEditedCopyLeavesTheShippedPolicyAlone(t *testing.T) {
	edited := risk.ShippedPolicies()
	edited[0].Timelines[0].Days = 99
	edited[3].SeverityDays[risk.SeverityCritical] = 99
	assert.NotEqual(t, edited, risk.ShippedPolicies())
}

func TestATableOfOwnRowsDatesOnlyWhatItNames(t *testing.T) {
	own := risk.Policy{ID: "own", Name: "Own", Version: "1", Timelines: []risk.TimelineRow{
		{Circumstances: risk.Circumstances{KEV: true}, Timeline: risk.Timeline{Days: 2}},
	}}
	require.NoError(t, own.Validate())
	got, ok := risk.Due([]risk.Policy{own}, finding(listed(5, 0)))
	require.True(t, ok)
	assert.Equal(t, 2, got.Days)
	_, ok = risk.Due([]risk.Policy{own}, finding(scored(5)))
	assert.False(t, ok)
}

func TestAPolicyThatMakesNoSenseIsRefusedWithEveryReason(t *testing.T) {
	row := risk.TimelineRow{Timeline: risk.Timeline{Days: -1}}
	for want, p := range map[string]risk.Policy{
		"id, name and version":    {SeverityDays: map[risk.Severity]int{"low": 1}},
		"either severity_days or": {ID: "a", Name: "a", Version: "1"},
		"may name none, low":      {SeverityDays: map[risk.Severity]int{"huge": 1}},
		"from 1 to 3650":          {SeverityDays: map[risk.Severity]int{"low": 1 << 40}},
		"timelines[0].days":       {Timelines: []risk.TimelineRow{row}},
		"timelines[1] repeats":    {Timelines: []risk.TimelineRow{row, row}},
	} {
		assert.ErrorContains(t, p.Validate(), want)
	}
	err := risk.Policy{SeverityDays: map[risk.Severity]int{"low": 0, "x": 1}, Timelines: []risk.TimelineRow{row}}.Validate()
	for _, reason := range []string{"id, name", "either", "may name", "from 1", "timelines[0]"} {
		assert.ErrorContains(t, err, reason)
	}
}

func TestAStoredPolicyOfAbsurdLengthGivesADateNotANonsense(t *testing.T) {
	for _, days := range []int{1 << 40, -5} {
		p := risk.SeverityPolicy(days, days, days, days)
		got, ok := risk.Due([]risk.Policy{p}, finding(scored(9)))
		if ok {
			assert.True(t, got.Due.After(detected))
		}
		assert.Equal(t, days > 0, ok)
	}
}
