package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/team"
)

// with lists the operations whose rule is as asked.
func with(is func(rule) bool) (out []string) {
	for id, r := range rules {
		if is(r) {
			out = append(out, id)
		}
	}
	return out
}

func TestOnlyTheseOperationsArePublicOrForAdministrators(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, []string{"getMeta", "setUp", "signIn", "refreshSession", "getInvite", "acceptInvite", "getCalendarFeed"},
		with(func(r rule) bool { return r.level == public }))
	assert.ElementsMatch(t, []string{"getGuestReview", "createGuestComment"}, with(func(r rule) bool { return r.level == guest }))
	assert.ElementsMatch(t, []string{"listUsers", "createUser", "updateUser", "createTeam", "createFeed", "updateFeed", "deleteFeed", "runFeed", "cancelFeedRun", "listMails", "retryMail"},
		with(func(r rule) bool { return r.level == admin }))
	assert.ElementsMatch(t, []string{
		"getSession", "signOut", "changePassword", "listSessions", "endSession", "listTokens", "createToken", "revokeToken", "listTeams", "getVulnerability",
		"listFeeds", "getFeed", "listFeedRuns", "listFormats", "listInbox", "markInbox", "getNoticeChoices", "updateNoticeChoices",
	}, with(func(r rule) bool { return r.level == signedIn }))
}

// ownThings are what somebody who only looks on may keep for himself; sharing it is
// refused elsewhere.
var ownThings = []string{"createView", "updateView", "deleteView", "restoreView", "chooseViews", "dismissNotice", "markMovesSeen", "createCalendarFeed", "putEstimationPresence"}

// questions are asked with a body, and change nothing.
var questions = []string{"lookAtBoard", "proposeSprint"}

func TestWhatChangesATeamIsNeverAReadersRight(t *testing.T) {
	t.Parallel()
	k, err := ownContract()
	require.NoError(t, err)
	for _, op := range k.operations {
		changes := op.route.Method != "GET" && !slices.Contains(questions, op.id)
		assert.Equal(t, strings.HasPrefix(op.route.Path, "/teams/{team}"), op.rule.level == inTeam, "%s", op.id)
		if op.rule.level > guest {
			assert.Equal(t, changes, op.rule.scope != team.ScopeRead, "%s", op.id)
		}
		if changes && op.rule.level == inTeam && !slices.Contains(ownThings, op.id) {
			assert.NotEqual(t, team.Read, op.rule.permission, "%s", op.id)
		}
	}
}

func TestARefusalNamesTheRolesThatMay(t *testing.T) {
	t.Parallel()
	assert.Contains(t, forbidden(team.Member, team.Approve), "Only an approver")
	assert.Equal(t, "Only a product owner or administrator may do this; your role in this team is member.", forbidden(team.Member, team.Rank))
	assert.Equal(t, "Only a product owner, Scrum master or administrator may do this; your role in this team is approver.", forbidden(team.Approver, team.Rank, team.Plan))
}
