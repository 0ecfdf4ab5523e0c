package web

import (
	"strings"

	"github.com/gin-gonic/gin"

	"patchline/internal/fault"
	"patchline/internal/team"
)

// level is who an operation is for.
type level int

const (
	public   level = iota // anybody
	guest                 // whoever holds the secret of a link to one thing; the service finds that thing by it
	signedIn              // anybody who has signed in
	admin                 // administrators
	inTeam                // whose role in the team allows it
)

// rule says who may use an operation, and with which scope a token may.
type rule struct {
	level      level
	permission team.Permission // with inTeam
	scope      string          // ScopeRead for what changes nothing; ScopeAll for what no smaller scope covers
}

func may(p team.Permission, scope string) rule { return rule{inTeam, p, scope} }

// rules is the one table of who may do what. An operation without a row here keeps
// the server from starting.
var rules = map[string]rule{
	"getMeta":        {level: public},
	"setUp":          {level: public},
	"signIn":         {level: public},
	"refreshSession": {level: public}, // the refresh cookie says who
	"getInvite":      {level: public},
	"acceptInvite":   {level: public},

	"getSession":     {signedIn, "", team.ScopeRead},
	"signOut":        {signedIn, "", team.ScopeAll},
	"changePassword": {signedIn, "", team.ScopeAll},
	"listSessions":   {signedIn, "", team.ScopeRead},
	"endSession":     {signedIn, "", team.ScopeAll},
	"listTokens":     {signedIn, "", team.ScopeRead},
	"createToken":    {signedIn, "", team.ScopeAll}, // else a small token could make a large one
	"revokeToken":    {signedIn, "", team.ScopeAll},

	"listUsers":  {admin, "", team.ScopeRead},
	"createUser": {admin, "", team.ScopePeople},
	"updateUser": {admin, "", team.ScopePeople},
	"listTeams":  {signedIn, "", team.ScopeRead},
	"createTeam": {admin, "", team.ScopePeople},

	"getTeam":      may(team.Read, team.ScopeRead),
	"updateTeam":   may(team.Manage, team.ScopePeople),
	"getTeamRules": may(team.Read, team.ScopeRead),
	"setTeamRules": may(team.Manage, team.ScopePeople),
	"listMembers":  may(team.Read, team.ScopeRead),
	"addMember":    may(team.Manage, team.ScopePeople),
	"updateMember": may(team.Manage, team.ScopePeople),
	"removeMember": may(team.Manage, team.ScopePeople),
	"listInvites":  may(team.Manage, team.ScopeRead),
	"createInvite": may(team.Manage, team.ScopePeople),
	"revokeInvite": may(team.Manage, team.ScopePeople),

	"listAssets":   may(team.Read, team.ScopeRead),
	"createAsset":  may(team.Work, team.ScopeBacklog),
	"importAssets": may(team.Import, team.ScopeImports),
	"getAsset":     may(team.Read, team.ScopeRead),
	"updateAsset":  may(team.Work, team.ScopeBacklog),

	"listFormats":         {signedIn, "", team.ScopeRead},
	"listAssetComponents": may(team.Read, team.ScopeRead),
	"listAssetFindings":   may(team.Read, team.ScopeRead),
	"listAssetActivity":   may(team.Read, team.ScopeRead),
	"listAssetWords":      may(team.Read, team.ScopeRead),
	"exportAssets":        may(team.Read, team.ScopeRead),
	"listAssetGroups":     may(team.Read, team.ScopeRead),
	"createAssetGroup":    may(team.Work, team.ScopeBacklog),
	"updateAssetGroup":    may(team.Work, team.ScopeBacklog),
	"deleteAssetGroup":    may(team.Work, team.ScopeBacklog),
	"editAssets":          may(team.Work, team.ScopeBacklog),
	"getAssetEdit":        may(team.Read, team.ScopeRead),
	"undoAssetEdit":       may(team.Work, team.ScopeBacklog),
	"listAssetDuplicates": may(team.Read, team.ScopeRead),
	"mergeAssets":         may(team.Work, team.ScopeBacklog),
	"undoAssetMerge":      may(team.Work, team.ScopeBacklog),
	"getPatchCoverage":    may(team.Read, team.ScopeRead),

	"listImports":  may(team.Read, team.ScopeRead),
	"createImport": may(team.Import, team.ScopeImports),
	"getImport":    may(team.Read, team.ScopeRead),

	"listFeeds":     {signedIn, "", team.ScopeRead},
	"getFeed":       {signedIn, "", team.ScopeRead},
	"listFeedRuns":  {signedIn, "", team.ScopeRead},
	"createFeed":    {admin, "", team.ScopeImports},
	"updateFeed":    {admin, "", team.ScopeImports},
	"deleteFeed":    {admin, "", team.ScopeImports},
	"runFeed":       {admin, "", team.ScopeImports},
	"cancelFeedRun": {admin, "", team.ScopeImports},

	"getVulnerability": {signedIn, "", team.ScopeRead},

	"listPatches":       may(team.Read, team.ScopeRead),
	"createPatch":       may(team.Work, team.ScopeBacklog),
	"getPatch":          may(team.Read, team.ScopeRead),
	"updatePatch":       may(team.Work, team.ScopeBacklog),
	"getPatchChecks":    may(team.Read, team.ScopeRead),
	"setPatchCheck":     may(team.Work, team.ScopeBoard),
	"listTasks":         may(team.Read, team.ScopeRead),
	"listMyTasks":       may(team.Read, team.ScopeRead),
	"createTask":        may(team.Work, team.ScopeBoard),
	"updateTask":        may(team.Work, team.ScopeBoard),
	"deleteTask":        may(team.Work, team.ScopeBoard),
	"applyTaskTemplate": may(team.Work, team.ScopeBoard),
	"getTaskTemplates":  may(team.Read, team.ScopeRead),
	"setTaskTemplates":  may(team.Plan, team.ScopeSprints),
	"getPatchRisk":      may(team.Read, team.ScopeRead),
	"placePatch":        may(team.Rank, team.ScopeBacklog),
	"unplacePatch":      may(team.Rank, team.ScopeBacklog),
	"movePatch":         may(team.Work, team.ScopeBoard),
	"splitPatch":        may(team.Plan, team.ScopeBacklog),
	"unsplitPatch":      may(team.Plan, team.ScopeBacklog),
	"dropPatch":         may(team.Rank, team.ScopeBacklog),
	"restorePatch":      may(team.Rank, team.ScopeBacklog),
	"listFindings":      may(team.Read, team.ScopeRead),
	"listActivity":      may(team.Read, team.ScopeRead),

	"listMoves":     may(team.Read, team.ScopeRead),
	"markMovesSeen": may(team.Read, team.ScopeBacklog), // everybody's own mark
	"listNotices":   may(team.Read, team.ScopeRead),
	"dismissNotice": may(team.Read, team.ScopeBacklog),

	"getTeamVulnerability": may(team.Read, team.ScopeRead),
	"getPatchContent":      may(team.Read, team.ScopeRead),
	"putPatchContent":      may(team.Work, team.ScopeBacklog),
	"addPatchNeed":         may(team.Work, team.ScopeBacklog),
	"removePatchNeed":      may(team.Work, team.ScopeBacklog),
	"listComments":         may(team.Read, team.ScopeRead),
	"createComment":        may(team.Work, team.ScopeBacklog),
	"updateComment":        may(team.Work, team.ScopeBacklog), // one's own
	"deleteComment":        may(team.Work, team.ScopeBacklog), // one's own, or with manage anybody's
	"listAttachments":      may(team.Read, team.ScopeRead),
	"createAttachment":     may(team.Work, team.ScopeBacklog),
	"getAttachment":        may(team.Read, team.ScopeRead),
	"deleteAttachment":     may(team.Work, team.ScopeBacklog), // as comments

	"exportPatches":   may(team.Read, team.ScopeRead),
	"getPatchFacets":  may(team.Read, team.ScopeRead),
	"editPatches":     may(team.Work, team.ScopeBacklog), // what an item takes beyond is asked for each
	"undoEditPatches": may(team.Work, team.ScopeBacklog),

	"listViews":   may(team.Read, team.ScopeRead),
	"createView":  may(team.Read, team.ScopeBacklog), // one's own; sharing takes more
	"chooseViews": may(team.Read, team.ScopeBacklog),
	"updateView":  may(team.Read, team.ScopeBacklog),
	"deleteView":  may(team.Read, team.ScopeBacklog),
	"restoreView": may(team.Read, team.ScopeBacklog),

	"listPolicies":    may(team.Read, team.ScopeRead),
	"getPolicy":       may(team.Read, team.ScopeRead),
	"previewPolicies": may(team.Manage, team.ScopePeople),
	"createPolicy":    may(team.Manage, team.ScopePeople),
	"changePolicy":    may(team.Manage, team.ScopePeople),
	"switchPolicy":    may(team.Manage, team.ScopePeople),
	"retirePolicy":    may(team.Manage, team.ScopePeople),

	"listExceptions":    may(team.Read, team.ScopeRead),
	"getException":      may(team.Read, team.ScopeRead),
	"requestException":  may(team.Work, team.ScopeBacklog),
	"updateException":   may(team.Work, team.ScopeBacklog), // by who asked for it
	"withdrawException": may(team.Work, team.ScopeBacklog), // by who asked for it
	"renewException":    may(team.Work, team.ScopeBacklog),
	"endException":      may(team.Work, team.ScopeBacklog), // the handler asks for more of others than who asked for it
	"approveException":  may(team.Approve, team.ScopeBacklog),
	"rejectException":   may(team.Approve, team.ScopeBacklog),
	"reviewException":   may(team.Approve, team.ScopeBacklog),

	"listSprints":        may(team.Read, team.ScopeRead),
	"createSprint":       may(team.Plan, team.ScopeSprints),
	"getSprint":          may(team.Read, team.ScopeRead),
	"updateSprint":       may(team.Plan, team.ScopeSprints),
	"listSprintItems":    may(team.Read, team.ScopeRead),
	"addSprintItems":     may(team.Work, team.ScopeSprints), // after the start the handler asks for more
	"addSprintItem":      may(team.Work, team.ScopeSprints),
	"removeSprintItem":   may(team.Work, team.ScopeSprints),
	"getStartChecklist":  may(team.Read, team.ScopeRead),
	"startSprint":        may(team.Plan, team.ScopeSprints),
	"getCloseChecklist":  may(team.Read, team.ScopeRead),
	"closeSprint":        may(team.Plan, team.ScopeSprints),
	"cancelSprint":       may(team.Plan, team.ScopeSprints),
	"reopenSprint":       may(team.Plan, team.ScopeSprints),
	"correctSprint":      may(team.Plan, team.ScopeSprints),
	"getSprintReport":    may(team.Read, team.ScopeRead),
	"getSprintReportCSV": may(team.Read, team.ScopeRead),
	"getBurndown":        may(team.Read, team.ScopeRead),
	"getSprintSummary":   may(team.Read, team.ScopeRead),
	"getFlow":            may(team.Read, team.ScopeRead),
	"importHistory":      may(team.Plan, team.ScopeSprints),
	"getVelocity":        may(team.Read, team.ScopeRead),
	"getForecast":        may(team.Read, team.ScopeRead),

	"getCalendar":        may(team.Read, team.ScopeRead),
	"createCalendarFeed": may(team.Read, team.ScopeAll), // a secret that reads
	"getCalendarFeed":    {level: public},               // the secret says who
	"importHolidays":     may(team.Manage, team.ScopePeople),
	"listWindows":        may(team.Read, team.ScopeRead),
	"createWindow":       may(team.Plan, team.ScopeSprints),
	"updateWindow":       may(team.Plan, team.ScopeSprints),
	"removeWindow":       may(team.Plan, team.ScopeSprints),
	"createAbsence":      may(team.Work, team.ScopeSprints), // the service asks for more where it is not one's own
	"removeAbsence":      may(team.Work, team.ScopeSprints),
	"setAvailability":    may(team.Work, team.ScopeSprints),
	"getOnTime":          may(team.Read, team.ScopeRead),
	"getCapacity":        may(team.Read, team.ScopeRead),
	"proposeSprint":      may(team.Read, team.ScopeRead),

	"listEstimations":       may(team.Read, team.ScopeRead),
	"createEstimation":      may(team.Work, team.ScopeBacklog),
	"getEstimation":         may(team.Read, team.ScopeRead),
	"putEstimationPresence": may(team.Read, team.ScopeBacklog), // spectators are there too
	"addEstimationItems":    may(team.Work, team.ScopeBacklog),
	"turnEstimation":        may(team.Work, team.ScopeBacklog), // the service asks for more where one did not open it, here and below
	"putEstimationVote":     may(team.Work, team.ScopeBacklog),
	"revealEstimation":      may(team.Work, team.ScopeBacklog),
	"repeatEstimation":      may(team.Work, team.ScopeBacklog),
	"setEstimationFinal":    may(team.Work, team.ScopeBacklog),
	"closeEstimation":       may(team.Work, team.ScopeBacklog),
	"listEstimates":         may(team.Read, team.ScopeRead),
	"getEstimateSuggestion": may(team.Read, team.ScopeRead),

	"getBoard":            may(team.Read, team.ScopeRead),
	"getBoardGroups":      may(team.Read, team.ScopeRead),
	"lookAtBoard":         may(team.Read, team.ScopeRead), // nothing is written
	"getStandup":          may(team.Read, team.ScopeRead),
	"putStandupEntry":     may(team.Work, team.ScopeBoard),
	"getStandupDraft":     may(team.Work, team.ScopeRead),
	"listStandupVersions": may(team.Read, team.ScopeRead),
	"getStandupDigest":    may(team.Read, team.ScopeRead),
	"walkStandup":         may(team.Work, team.ScopeBoard), // by who began it, or who manages
	"getBlockerAgeing":    may(team.Read, team.ScopeRead),
	"getBlockerAgeingCSV": may(team.Read, team.ScopeRead),
	"listBlockers":        may(team.Read, team.ScopeRead),
	"createBlocker":       may(team.Work, team.ScopeBoard),
	"updateBlocker":       may(team.Work, team.ScopeBoard),

	"listInbox":           {signedIn, "", team.ScopeRead},
	"markInbox":           {signedIn, "", team.ScopeBacklog}, // one's own
	"getNoticeChoices":    {signedIn, "", team.ScopeRead},
	"updateNoticeChoices": {signedIn, "", team.ScopeAll},
	"listMails":           {admin, "", team.ScopeRead},
	"retryMail":           {admin, "", team.ScopePeople},

	"getRetro":          may(team.Read, team.ScopeRead),
	"updateRetro":       may(team.Plan, team.ScopeSprints),
	"setRetroReady":     may(team.Work, team.ScopeBoard),
	"takeRetroTicket":   may(team.Work, team.ScopeAll), // a secret
	"putRetroCard":      may(team.Work, team.ScopeBoard),
	"deleteRetroCard":   may(team.Work, team.ScopeBoard),
	"moveRetroCard":     may(team.Work, team.ScopeBoard),
	"updateRetroGroup":  may(team.Work, team.ScopeBoard),
	"setRetroDots":      may(team.Work, team.ScopeBoard),
	"createRetroAction": may(team.Work, team.ScopeBacklog),
	"decideRetroAction": may(team.Work, team.ScopeBacklog), // to drop one the handler asks for more
	"listLessons":       may(team.Read, team.ScopeRead),
	"listPatchLessons":  may(team.Read, team.ScopeRead),
	"createLesson":      may(team.Work, team.ScopeBacklog),
	"updateLesson":      may(team.Work, team.ScopeBacklog),
	"deleteLesson":      may(team.Work, team.ScopeBacklog),

	"listReviews":         may(team.Read, team.ScopeRead),
	"getReview":           may(team.Read, team.ScopeRead),
	"updateReview":        may(team.Plan, team.ScopeSprints),
	"judgeReviewItem":     may(team.Rank, team.ScopeSprints),
	"followUpReviewItem":  may(team.Work, team.ScopeBacklog),
	"createReviewComment": may(team.Work, team.ScopeSprints),
	"deleteReviewComment": may(team.Work, team.ScopeSprints), // one's own, or with manage anybody's
	"listReviewLinks":     may(team.Read, team.ScopeRead),    // without their secrets
	"createReviewLink":    may(team.Work, team.ScopeAll),     // a secret that reads; the handler asks for rank or plan
	"revokeReviewLink":    may(team.Work, team.ScopeAll),     // the same
	"getGuestReview":      {level: guest},
	"createGuestComment":  {level: guest},

	"listWebhooks":   may(team.Manage, team.ScopeRead),
	"createWebhook":  may(team.Manage, team.ScopeAll), // it sends what happens elsewhere
	"updateWebhook":  may(team.Manage, team.ScopeAll),
	"deleteWebhook":  may(team.Manage, team.ScopeAll),
	"pingWebhook":    may(team.Manage, team.ScopeAll),
	"listDeliveries": may(team.Manage, team.ScopeRead),
	"replayDelivery": may(team.Manage, team.ScopeAll),

	"streamEvents": may(team.Read, team.ScopeRead),
}

// allowed is the only place where a request is refused for who makes it.
func allowed(c *gin.Context) {
	v := of(c.Request.Context())
	if err := v.op.rule.allow(v.access); err != nil {
		problem(c, err)
	}
}

var (
	errNoTeam    = fault.New(fault.NotFound, "There is no such team.")
	errAdminOnly = fault.New(fault.Forbidden, "Only an administrator may do this; ask one.")
)

// allow tells somebody else's team from one that is not there to nobody.
func (r rule) allow(a *team.Access) error {
	switch r.level {
	case public, guest:
		return nil
	case admin:
		if !a.User.IsAdmin {
			return errAdminOnly
		}
	case inTeam:
		if !a.Role.May(team.Read) {
			return errNoTeam
		}
		if !a.Role.May(r.permission) {
			return fault.New(fault.Forbidden, "%s", forbidden(a.Role, r.permission))
		}
	}
	if r.scope != team.ScopeRead && !a.Covers(r.scope) {
		return fault.New(fault.Forbidden, "This API token's scopes do not cover this; it takes a token with the scope %s.", scopesFor(r.scope))
	}
	return nil
}

func scopesFor(scope string) string {
	if scope == team.ScopeAll {
		return team.ScopeAll
	}
	return scope + " or " + team.ScopeAll
}

// forbidden says who may do what this role may not.
func forbidden(mine team.Role, some ...team.Permission) string {
	var labels []string
	for _, r := range append(append([]team.Role{}, team.Roles...), team.Administrator) {
		for _, p := range some {
			if r.May(p) {
				labels = append(labels, r.Label())
				break
			}
		}
	}
	last := len(labels) - 1
	article := "a "
	if strings.ContainsAny(labels[0][:1], "aA") {
		article = "an "
	}
	return "Only " + article + strings.Join(labels[:last], ", ") + " or " + labels[last] + " may do this; your role in this team is " + mine.Label() + "."
}
