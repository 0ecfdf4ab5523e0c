package team

import "time"

// User is somebody with an account.
type User struct {
	ID           string
	Email        string // lower case
	Name         string
	PasswordHash string
	IsAdmin      bool
	DisabledAt   *time.Time `gorm:"serializer:time"`
	Version      int64
	CreatedAt    time.Time `gorm:"serializer:time"`
}

// Disabled tells whether the account may not be used.
func (u *User) Disabled() bool { return u.DisabledAt != nil }

// Membership is somebody's part in a team.
type Membership struct {
	TeamID   string
	UserID   string
	Role     Role
	JoinedAt time.Time `gorm:"serializer:time"`
}

func (Membership) TableName() string { return "members" }

// Colleague is a member of a team as others see them.
type Colleague struct {
	UserID, Name, Email string
	Role                Role
	JoinedAt            time.Time
	Disabled            bool
}

// MyTeam is a team with one's own role in it, which an administrator may not have.
type MyTeam struct {
	Team
	Role  Role
	Admin bool
}

// Acting is the role that counts.
func (m MyTeam) Acting() Role {
	if m.Admin {
		return Administrator
	}
	return m.Role
}
