import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLive } from '../../api/live';
import { usePermission } from '../../api/queries';
import { reviewKeys, reviewQuery } from '../../api/reviews';
import type { Review } from '../../api/schema';
import { useGathered } from '../../lib/useGathered';
import { type Run, runThen } from '../../ui/run';

/** A review with what the one who looks can do in it. */
export interface Room {
  team: string;
  n: number;
  zone: string;
  review: Review;
  open: boolean;
  mayWork: boolean;
  mayJudge: boolean;
  mayLead: boolean;
  run: Run;
  refresh: () => Promise<void>;
}

export function useReview(team: string, n: number, zone: string) {
  const client = useQueryClient();
  const query = useQuery(reviewQuery(team, n));
  const mayWork = usePermission('work', team);
  const mayJudge = usePermission('rank', team);
  const mayLead = usePermission('plan', team);
  const refresh = () => client.invalidateQueries({ queryKey: reviewKeys.all(team) });
  useReviewLive(team, n, refresh);
  const run = runThen(refresh);
  const review = query.data;
  const room: Room | null = review
    ? { team, n, zone, review, open: review.closed_at === null, mayWork, mayJudge, mayLead, run, refresh }
    : null;
  return { room, error: query.error, refetch: query.refetch };
}

const interesting = /^(review|sprint|patch|reset)/;

function useReviewLive(team: string, n: number, refresh: () => unknown): void {
  const gather = useGathered(60);
  useLive(team, (event) => {
    if (!interesting.test(event.kind) || (event.kind === 'review.changed' && event.sprint !== n)) return;
    gather(refresh);
  });
}
