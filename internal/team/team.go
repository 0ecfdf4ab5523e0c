// Package team knows the people: who they are and how they sign in, the teams
// they belong to, what their roles allow, and when a team works.
package team

import (
	"time"

	"patchline/internal/scrum"
)

// Team is one Scrum team with its settings.
type Team struct {
	ID                string
	Key               string // upper case, such as INF; the beginning of its patches' keys
	Name              string
	TimeZone          string   // IANA name
	WorkingWeek       []string `gorm:"serializer:words"` // mon … sun
	Holidays          []string `gorm:"serializer:words"` // such as 2026-10-03
	Policies          []string `gorm:"serializer:words"` // ids of due-date policies
	ApprovalRequired  bool
	ParallelSprints   bool
	ExceptionMaxDays  int64  // the longest that an exception may last
	RulesText         string `gorm:"column:rules"`          // JSON; see Rules
	TaskTemplatesText string `gorm:"column:task_templates"` // JSON; see TaskTemplates
	LastPatch         int64  // number of the newest patch
	LastSprint        int64  // number of the newest sprint
	Version           int64
	CreatedAt         time.Time `gorm:"serializer:time"`
}

// Calendar says when the team works, and where its days begin.
func (t *Team) Calendar() (scrum.Calendar, error) {
	return scrum.NewCalendar(t.TimeZone, t.WorkingWeek, t.Holidays)
}
