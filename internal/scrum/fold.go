package scrum

// Standing is where one item stands in a sprint.
type Standing struct {
	In        bool    // in scope: not removed, not dropped
	Done      bool    // completed
	Points    float64 // in force; once Done, the credit
	Estimated bool
	Committed bool // promised at the start, or split off such an item
	Emergency bool // last came in through the emergency lane
	Left      Kind // KindRemoved or KindDropped, when it left
}

// Unfinished reports whether a close has to decide what becomes of the item.
func (s Standing) Unfinished() bool { return s.In && !s.Done }

// EstimateKind is the kind of the row that a new estimate writes.
func (s Standing) EstimateKind() Kind {
	if s.Estimated {
		return KindReEstimated
	}
	return KindEstimated
}

// Delta returns the Points of the row that a step of this kind writes, or a
// *Refusal when the item's standing does not allow it. points is, by kind:
//
//	added                    the item's points, 0 when unestimated
//	estimated, re_estimated  the new estimate
//	split                    the points that move to the new item
//	correction               the change itself
//	all others               not used
//
// A completed item is neither estimated, removed, dropped nor split: its credit
// is the points in force at completion.
func (s Standing) Delta(kind Kind, points float64) (float64, error) {
	switch kind {
	case KindAdded:
		return s.added(points)
	case KindReopened:
		if !s.Done {
			return 0, refuse(NotDone, "This item is not completed, so it cannot be reopened.")
		}
		return s.Points, nil
	case KindSplit:
		return s.split(points)
	case KindCorrection:
		return s.corrected(points)
	}
	return s.unfinishedDelta(kind, points)
}

func (s Standing) unfinishedDelta(kind Kind, points float64) (float64, error) {
	if err := s.mustBeUnfinished(); err != nil {
		return 0, err
	}
	switch kind {
	case KindCompleted, KindRemoved, KindDropped:
		return -s.Points, nil
	case KindEstimated, KindReEstimated:
		// the ledger cannot tell an estimate of 0 points from none, so there both words do
		if kind != s.EstimateKind() && s.Points != 0 {
			return 0, refuse(BadDetail, "The row of this estimate is %s, not %s.", s.EstimateKind(), kind)
		}
		if !ValidPoints(points) {
			return 0, badPoints()
		}
		return points - s.Points, nil
	}
	return 0, refuse(BadDetail, "There is no ledger row %q.", kind)
}

func (s Standing) mustBeUnfinished() error {
	switch {
	case !s.In:
		return refuse(NotInSprint, "This item is not in the sprint.")
	case s.Done:
		return refuse(AlreadyDone, "This item is completed. Reopen it first.")
	}
	return nil
}

func (s Standing) added(points float64) (float64, error) {
	switch {
	case s.In:
		return 0, refuse(AlreadyInSprint, "This item is in the sprint already.")
	case !ValidPoints(points):
		return 0, badPoints()
	}
	return points, nil
}

// split serves both rows: the item that gives points, and the new one.
func (s Standing) split(points float64) (float64, error) {
	switch {
	case !s.In:
		return s.added(points)
	case s.Done:
		return 0, s.mustBeUnfinished()
	case !ValidPoints(points) || points > s.Points:
		return 0, refuse(BadPoints, "This item has %g points to split.", s.Points)
	}
	return -points, nil
}

// rejoined takes points of a split back, when it is undone: the part gives them by a
// row like that of a split, and its item has them again.
func (s Standing) rejoined(points float64) error {
	switch {
	case s.Done:
		return s.mustBeUnfinished()
	case !ValidPoints(s.Points + points):
		return badPoints()
	}
	return nil
}

func (s Standing) corrected(change float64) (float64, error) {
	switch {
	case !s.In:
		return 0, refuse(NotInSprint, "This item is not in the sprint.")
	case !ValidPoints(s.Points + change):
		return 0, badPoints()
	}
	return change, nil
}

func badPoints() error {
	return refuse(BadPoints, "Points are a number from 0 to %d.", MaxPoints)
}

// Fold is the running state of a sprint's ledger. The zero Fold is not usable;
// see NewFold. To decide about one item a caller may fold that item's rows alone.
type Fold struct {
	committed, scope, done float64
	index                  map[string]int // into the other two
	order                  []string       // of first appearance
	standings              []Standing
}

// NewFold starts from what was promised.
func NewFold(commitments []Commitment) *Fold {
	f := &Fold{index: make(map[string]int, len(commitments))}
	for _, c := range commitments {
		item := f.item(c.Item)
		item.In, item.Committed, item.Estimated = true, true, c.Points != nil
		if c.Points != nil {
			item.Points += *c.Points
			f.committed += *c.Points
		}
	}
	f.scope = f.committed
	return f
}

// Fold is where the items stand now, or stood at the close.
func (s Sprint) Fold() *Fold {
	f := NewFold(s.Commitments)
	for _, e := range s.rows() {
		f.add(e)
	}
	return f
}

// item returns the standing to change; it moves when the next item appears.
func (f *Fold) item(key string) *Standing {
	i, known := f.index[key]
	if !known {
		i = len(f.order)
		f.index[key] = i
		f.order, f.standings = append(f.order, key), append(f.standings, Standing{})
	}
	return &f.standings[i]
}

// Standing returns where an item stands; the zero Standing for an unknown one.
func (f *Fold) Standing(item string) Standing {
	if i, known := f.index[item]; known {
		return f.standings[i]
	}
	return Standing{}
}

// Items lists the items the sprint ever held: the commitment in its order, then
// in the order they came.
func (f *Fold) Items() []string { return f.order }

// Committed, Scope, Done and Remaining are points; Remaining = Scope - Done.
func (f *Fold) Committed() float64 { return round(f.committed, pointDecimals) }
func (f *Fold) Scope() float64     { return round(f.scope, pointDecimals) }
func (f *Fold) Done() float64      { return round(f.done, pointDecimals) }
func (f *Fold) Remaining() float64 { return round(f.scope-f.done, pointDecimals) }

// Apply adds one row. A row that the item's standing does not allow, or whose
// points are not what it has to change, is refused and changes nothing.
func (f *Fold) Apply(e Entry) error {
	if err := f.Standing(e.Item).allows(e); err != nil {
		return err
	}
	f.add(e)
	return nil
}

// allows compares a row with the row that should have been written.
func (s Standing) allows(e Entry) error {
	if err := checkDetail(e); err != nil {
		return err
	}
	points := e.Points
	switch {
	case e.Kind == KindSplit && s.In && points > 0:
		return s.rejoined(points)
	case e.Kind == KindEstimated || e.Kind == KindReEstimated:
		points += s.Points
	case e.Kind == KindSplit && s.In:
		points = -points
	}
	want, err := s.Delta(e.Kind, points)
	if err == nil && !same(want, e.Points) {
		return refuse(BadPoints, "A row %s of this item changes %g points, not %g.", e.Kind.Spelled(), want, e.Points)
	}
	return err
}

func checkDetail(e Entry) error {
	known := true
	switch e.Kind {
	case KindAdded:
		known = AddReason(e.Detail).Valid()
	case KindReopened:
		known = ReopenReason(e.Detail).Valid()
	case KindDropped:
		known = DropReason(e.Detail).Valid()
	}
	if !known {
		return refuse(BadDetail, "%q is no reason for a row %s.", e.Detail, e.Kind.Spelled())
	}
	return nil
}

// add does what a row says without asking whether it may: a report shows the
// ledger as it stands, and Check tells what is wrong with it.
func (f *Fold) add(e Entry) {
	s := f.item(e.Item)
	if e.Kind.ChangesScope() {
		f.scope += e.Points
		s.Points += e.Points
	} else {
		f.done -= e.Points
	}
	switch e.Kind {
	case KindAdded:
		s.In, s.Done, s.Left = true, false, ""
		s.Estimated, s.Emergency = e.Points != 0, e.Detail == string(Emergency)
	case KindRemoved, KindDropped:
		s.In, s.Left = false, e.Kind
	case KindEstimated:
		s.Estimated = true
	case KindReEstimated:
		s.Estimated = s.Points != 0
	case KindCompleted, KindReopened:
		s.Done = e.Kind == KindCompleted
	case KindSplit:
		f.splitOff(s, e)
	case KindCorrection:
		if s.Done {
			f.done += e.Points
		}
	}
}

// splitOff makes the new item of a split a member; work split out of a promise
// is still promised.
func (f *Fold) splitOff(s *Standing, e Entry) {
	if s.In {
		return
	}
	parent := f.Standing(e.Detail)
	s.In, s.Left, s.Estimated = true, "", e.Points != 0
	s.Committed, s.Emergency = s.Committed || parent.Committed, parent.Emergency
}
