import { useQuery } from '@tanstack/react-query';
import type { Blocker, BlockerAgeing, BlockerSpell } from '../../api/schema';
import { dayText, longDay, num, plural } from '../../lib/format';
import { DueChip } from '../../ui/atoms';
import { PatchLink } from '../../ui/links';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';
import { ageingCsvUrl, ageingQuery } from './queries';

/** How long blockers stay: the open ones by age, and how fast they are resolved, by owner. */
export function Ageing({ team, zone }: { team: string; zone: string }) {
  const { data, error, refetch } = useQuery(ageingQuery(team));
  if (error && !data)
    return <ErrorState error={error} what="The ageing report could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} label="Loading the ageing report" />;
  if (data.owners.length === 0)
    return (
      <EmptyState title={`No blocker is open, and none was resolved since ${longDay(data.since)}`}>
        A blocker is reported with an entry of the stand-up, or on the board.
      </EmptyState>
    );
  return (
    <>
      <section className="sheet standup-ageing" aria-labelledby="standup-ageing">
        <header>
          <h2 id="standup-ageing">Open blockers by age</h2>
          <a className="btn small" href={ageingCsvUrl(team)} download={`${team}-blockers.csv`}>
            CSV<span className="sr"> of the ageing report</span>
          </a>
        </header>
        <p className="standup-buckets">
          {data.buckets.map((b) => (
            <span key={b.from}>
              <b>{num.format(b.count)}</b> <span className="muted">{bucketText(b.from, b.to)}</span>
            </span>
          ))}
        </p>
        {data.open.length > 0 && <OpenTable open={data.open} zone={zone} />}
      </section>
      <section className="sheet standup-ageing" aria-labelledby="standup-owners">
        <h2 id="standup-owners">Time to resolve by owner, since {longDay(data.since)}</h2>
        <p className="muted">{spellText(data.resolved)}</p>
        <OwnerTable data={data} />
      </section>
    </>
  );
}

const bucketText = (from: number, to: number | null): string =>
  to === null ? `over ${from - 1} days` : from === to ? 'new today' : `${from} to ${to} days`;

const spellText = (s: BlockerSpell): string =>
  s.mean_days === null
    ? 'None was resolved in this time.'
    : `${plural(s.count, 'blocker')} resolved in ${plural(round(s.mean_days), 'working day')} on average, half of them within ${num.format(s.median_days ?? 0)}.`;

const round = (n: number) => Math.round(n * 10) / 10;

const OpenTable = ({ open, zone }: { open: readonly Blocker[]; zone: string }) => (
  <TableScroll label="Open blockers">
    <table className="data">
      <TableHead
        columns={['Patch', 'Needed', { text: 'Working days', num: true }, 'Owner', 'Escalation', 'Threatens']}
      />
      <tbody>
        {open.map((b) => (
          <tr key={b.id}>
            <th scope="row">
              <PatchLink patchKey={b.key} /> {b.title}
            </th>
            <td>{b.needed}</td>
            <td className="num">{num.format(b.days)}</td>
            <td>{b.owner?.name ?? <span className="muted">Nobody</span>}</td>
            <td>
              {b.escalated_at ? (
                <span className="badge escalated">Escalated</span>
              ) : (
                b.escalate_on && dayText(b.escalate_on)
              )}
            </td>
            <td>{b.due_at && <DueChip at={b.due_at} zone={zone} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </TableScroll>
);

const OwnerTable = ({ data }: { data: BlockerAgeing }) => (
  <TableScroll label="Blockers by owner">
    <table className="data">
      <thead>
        <tr>
          <th scope="col">Owner</th>
          {['Open', 'Escalated', 'Oldest, days', 'Resolved', 'Mean days', 'Median days'].map((h) => (
            <th key={h} scope="col" className="num">
              {h}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.owners.map((o) => (
          <tr key={o.owner?.id ?? ''}>
            <th scope="row">{o.owner?.name ?? <span className="muted">Nobody</span>}</th>
            {[o.open, o.escalated, o.oldest_days, o.resolved.count, o.resolved.mean_days, o.resolved.median_days].map(
              (n, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                <td key={i} className="num">
                  {n === null ? '–' : num.format(round(n))}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </TableScroll>
);
