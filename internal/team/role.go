package team

import "slices"

// Role is what somebody is in a team.
type Role string

const (
	Viewer       Role = "viewer"
	Member       Role = "member"
	ScrumMaster  Role = "scrum_master"
	ProductOwner Role = "product_owner"
	Approver     Role = "approver"

	// Administrator is nobody's stored role: it is what a server's administrator
	// is in every team.
	Administrator Role = "administrator"
)

// Roles are those a member can have, from the least.
var Roles = []Role{Viewer, Member, Approver, ProductOwner, ScrumMaster}

// Permission is what a role allows in its team.
type Permission string

const (
	Read    Permission = "read"    // see everything of the team
	Work    Permission = "work"    // change patches and assets, move cards, plan items before a start
	Import  Permission = "import"  // bring reports in
	Rank    Permission = "rank"    // place, drop and restore; change the scope of an active sprint
	Plan    Permission = "plan"    // make, start, close and cancel sprints
	Approve Permission = "approve" // take a patch past awaiting_approval
	Manage  Permission = "manage"  // people and settings of the team
)

// Permissions are all there are.
var Permissions = []Permission{Read, Work, Import, Rank, Plan, Approve, Manage}

var grants = map[Role][]Permission{
	Viewer:        {Read},
	Member:        {Read, Work, Import},
	ScrumMaster:   {Read, Work, Import, Plan, Manage},
	ProductOwner:  {Read, Work, Import, Rank},
	Approver:      {Read, Work, Import, Approve},
	Administrator: Permissions,
}

// May tells whether the role allows something. An unknown role allows nothing.
func (r Role) May(p Permission) bool { return slices.Contains(grants[r], p) }

// Grants lists what the role allows.
func (r Role) Grants() []Permission { return slices.Clone(grants[r]) }

// WhoMay lists the roles that allow something, the administrator's last.
func WhoMay(p Permission) []Role {
	var out []Role
	for _, r := range append(slices.Clone(Roles), Administrator) {
		if r.May(p) {
			out = append(out, r)
		}
	}
	return out
}

// Label is a role's name in a sentence.
func (r Role) Label() string {
	switch r {
	case ScrumMaster:
		return "Scrum master"
	case ProductOwner:
		return "product owner"
	}
	return string(r)
}
