package feed

import "context"

// RunOne is what a replica does with a feed that was due when it looked.
func (s *Service) RunOne(ctx context.Context, id string) { s.runOne(ctx, id) }
