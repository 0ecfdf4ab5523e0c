package scrum_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/scrum"
)

func TestEveryStatusIsOpenDoneOrDropped(t *testing.T) {
	for _, s := range scrum.Statuses {
		kinds := 0
		for _, is := range []bool{s.Open(), s.Done(), s == scrum.Dropped} {
			if is {
				kinds++
			}
		}
		assert.Equal(t, 1, kinds, s)
		assert.True(t, s.Valid())
		assert.NotEmpty(t, s.Label())
	}
	require.False(t, scrum.Status("").Valid())
	require.False(t, scrum.Status("lost").Open())
}

func TestNewItemsShareTheColumnOfReadyOnesAndDroppedOnesHaveNone(t *testing.T) {
	require.Equal(t, scrum.Ready, scrum.New.Column())
	require.Equal(t, "To do", scrum.New.Column().Label())
	require.Empty(t, scrum.Dropped.Column())
	for _, s := range scrum.Statuses {
		if s != scrum.Dropped {
			require.Contains(t, scrum.BoardColumns, s.Column())
		}
	}
}

func TestOnlyAnApproverTakesAnItemPastTheApproval(t *testing.T) {
	before := []scrum.Status{scrum.New, scrum.Ready, scrum.InProgress, scrum.Testing, scrum.AwaitingApproval}
	after := []scrum.Status{scrum.Scheduled, scrum.Deployed, scrum.Verified}
	for _, from := range before {
		for _, to := range after {
			requireRefused(t, scrum.NeedsApproval, scrum.CheckMove(from, to, true, false))
			require.NoError(t, scrum.CheckMove(from, to, true, true))
			require.NoError(t, scrum.CheckMove(from, to, false, false))
			require.NoError(t, scrum.CheckMove(to, from, true, false), "the way back is free")
		}
		for _, to := range before {
			require.NoError(t, scrum.CheckMove(from, to, true, false))
		}
	}
}

func TestDroppingIsNoMoveAndADroppedItemStays(t *testing.T) {
	for _, s := range scrum.Statuses {
		requireRefused(t, scrum.IsDropped, scrum.CheckMove(scrum.Dropped, s, false, true))
		if s != scrum.Dropped {
			requireRefused(t, scrum.UseDrop, scrum.CheckMove(s, scrum.Dropped, false, true))
		}
	}
	requireRefused(t, scrum.UnknownStatus, scrum.CheckMove("lost", scrum.Ready, false, true))
	requireRefused(t, scrum.UnknownStatus, scrum.CheckMove(scrum.Ready, "lost", false, true))
}

func TestLeavingVerifiedIsAReopening(t *testing.T) {
	require.NoError(t, scrum.CheckMove(scrum.Verified, scrum.InProgress, true, false))
	require.True(t, scrum.Reopens(scrum.Verified, scrum.InProgress))
	require.False(t, scrum.Reopens(scrum.Verified, scrum.Verified))
	require.True(t, scrum.Completes(scrum.Deployed, scrum.Verified))
	require.False(t, scrum.Completes(scrum.Verified, scrum.Verified))
}

func TestASprintOnlyMovesForward(t *testing.T) {
	states := []scrum.SprintState{scrum.Planned, scrum.Active, scrum.Closed, scrum.Cancelled, "odd"}
	allowed := map[[2]scrum.SprintState]bool{
		{scrum.Planned, scrum.Active}: true, {scrum.Planned, scrum.Cancelled}: true,
		{scrum.Active, scrum.Closed}: true, {scrum.Active, scrum.Cancelled}: true,
	}
	for _, from := range states {
		for _, to := range states {
			got, err := from.Become(to)
			if allowed[[2]scrum.SprintState{from, to}] {
				require.NoError(t, err)
				require.Equal(t, to, got)
				continue
			}
			requireRefused(t, scrum.WrongState, err)
			require.Equal(t, from, got)
		}
	}
}

func TestReasonsAreClosedLists(t *testing.T) {
	require.True(t, scrum.RolledBack.Valid() && scrum.RiskAccepted.Valid() && scrum.Emergency.Valid() && scrum.ToBacklogTop.Valid())
	require.False(t, scrum.ReopenReason("").Valid() || scrum.DropReason("done").Valid() ||
		scrum.AddReason("").Valid() || scrum.CloseChoice("later").Valid())
}

func requireRefused(t require.TestingT, code scrum.RefusalCode, err error) {
	var refusal *scrum.Refusal
	require.ErrorAs(t, err, &refusal)
	require.ErrorIs(t, err, scrum.ErrNotAllowed)
	require.Equal(t, code, refusal.Code)
	require.Regexp(t, `^[A-Z].*\.$`, refusal.Message, "a refusal is a sentence")
}
