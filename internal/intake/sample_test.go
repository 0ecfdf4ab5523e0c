package intake_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/intake"
	"patchline/internal/scan/scantest"
)

func TestRealFilesYieldTheDocumentedNumbersAndTheSameAgain(t *testing.T) {
	for _, sample := range scantest.Samples(t) {
		if sample.Large() { // has a test of its own
			continue
		}
		t.Run(sample.Name, func(t *testing.T) {
			onDesk(t, func(d *desk) { d.trySample(sample) })
		})
	}
}

func (d *desk) trySample(sample scantest.Sample) {
	sum, err := d.takeSample(sample)
	if sample.Refused != "" {
		require.ErrorContains(d, err, sample.Refused)
		require.NotNil(d, sum.Error)
		assert.Empty(d, d.rows("SELECT id FROM assets"), "a refused file changes nothing")
		return
	}
	require.NoError(d, err)
	assert.Equal(d, sample.Records, sum.Records)
	assert.Equal(d, sample.Vulnerabilities, sum.Vulnerabilities)
	assert.Zero(d, sum.RejectedCount)

	before := d.everything()
	again, err := d.takeSample(sample)
	require.NoError(d, err)
	assert.Equal(d, before, d.everything(), "the same file again changes no row")
	assert.Equal(d, sum.Findings.New+sum.Findings.Unchanged, again.Findings.Unchanged)
	assert.Zero(d, again.Findings.New+again.Findings.Closed)
	assert.Equal(d, intake.Patches{}, again.Patches)
	assert.Equal(d, sum.Findings.WithoutFix, again.Findings.WithoutFix)
}

func (d *desk) takeSample(sample scantest.Sample) (intake.Summary, error) {
	f, err := os.Open(sample.Path)
	require.NoError(d, err)
	defer f.Close()
	return d.intake.Import(d.Context(), ann, d.team, intake.Request{File: f, Name: sample.Name}, nil)
}
