import { useQuery, useQueryClient } from '@tanstack/react-query';
import { exceptionCountsQuery, exceptionKeys } from '../api/exceptions';
import { useLive } from '../api/live';

/** How many requests and reviews wait for an approver; loaded for those who are one. */
export default function ExceptionBadge({ team }: { team: string }) {
  const client = useQueryClient();
  const { data } = useQuery(exceptionCountsQuery(team));
  useLive(team, (event) => {
    if (event.kind === 'exception.changed' || event.kind === 'reset')
      void client.invalidateQueries({ queryKey: exceptionKeys.counts(team) });
  });
  const n = data ? data.waiting + data.review : 0;
  return n > 0 ? (
    <span className="badge count" title={`${n} waiting for you`}>
      {n}
    </span>
  ) : null;
}
