package estimate

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"patchline/internal/team"
)

func revealed(values ...string) *Round {
	r := &Round{State: Revealed, Scale: []team.ScaleValue{{Label: "½", Points: .5}, {Label: "3", Points: 3}, {Label: "5", Points: 5}, {Label: "8", Points: 8}}}
	for _, v := range values {
		r.Votes = append(r.Votes, Vote{Value: v})
	}
	return r
}

func TestStatisticsLeaveOutWhoIsUnsureOrWantsCoffee(t *testing.T) {
	s := revealed("8", Unsure, "3", Coffee, "½", "3").Statistics()
	assert.Equal(t, 4, s.Estimates)
	assert.Equal(t, 3.0, *s.Median)
	assert.Equal(t, 3.625, *s.Mean)
	assert.Equal(t, []float64{.5, 8}, []float64{*s.Lowest, *s.Highest})
	assert.Equal(t, []Count{{"½", 1}, {"3", 2}, {"8", 1}, {Unsure, 1}, {Coffee, 1}}, s.Counts)
	assert.False(t, s.Agreed)
}

func TestTheMedianOfAnEvenNumberOfVotesLiesBetweenTheTwo(t *testing.T) {
	assert.Equal(t, 4.0, *revealed("3", "5").Statistics().Median)
}

func TestAgreementTakesAtLeastTwoVotesAndIgnoresThoseWithoutAValue(t *testing.T) {
	assert.True(t, revealed("5", "5", Coffee).Statistics().Agreed)
	assert.False(t, revealed("5", Unsure).Statistics().Agreed)
	assert.Nil(t, revealed(Unsure, Coffee).Statistics().Median)
}

func TestARoundThatIsNotRevealedHasNoStatistics(t *testing.T) {
	r := revealed("5")
	r.State = Voting
	assert.Nil(t, r.Statistics())
}

func TestAFamilyIsTheNamespaceOrTheFirstWord(t *testing.T) {
	for component, want := range map[string]string{
		"deb:linux-image-6.1":        "deb:linux",
		"deb:openssl":                "deb:openssl",
		"deb:libssl3":                "deb:libssl",
		"golang:golang.org/x/net":    "golang:golang.org/x/",
		"maven:org.apache.log4j:api": "maven:org.apache.log4j:",
		"deb:gd2":                    "deb:gd2",
		"Windows Server":             ":Windows",
	} {
		assert.Equal(t, want, family(component), component)
	}
}
