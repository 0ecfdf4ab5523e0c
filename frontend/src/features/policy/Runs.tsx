import type { PolicyRun } from '../../api/schema';
import { dateTime, num, plural } from '../../lib/format';
import { Progress } from '../../ui/Progress';
import { Section } from '../../ui/Section';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';
import { underWay } from './queries';

const stateText: Record<PolicyRun['state'], string> = {
  queued: 'waiting',
  running: 'under way',
  done: 'done',
  superseded: 'a newer change took its place',
};

/** How far the latest change is applied, and those before it. */
export function Runs({ runs, zone }: { runs: PolicyRun[]; zone: string }) {
  const now = runs.find(underWay);
  if (runs.length === 0) return null;
  return (
    <Section title="Changes">
      {now && (
        <p className="policy-progress" role="status">
          Setting due dates: {num.format(now.looked)} of {now.total ? num.format(now.total) : '…'}{' '}
          <Progress label="Setting due dates" value={now.total ? now.looked / now.total : null} />
        </p>
      )}
      <TableScroll label="Changes of policies">
        <table className="data">
          <TableHead columns={['When', 'What', 'By', 'State', { text: 'Patches changed', num: true }]} />
          <tbody>
            {runs.map((r) => (
              <tr key={r.id}>
                <td className="nowrap">{dateTime(r.created_at, zone)}</td>
                <td>{r.reason}</td>
                <td>{r.by}</td>
                <td>{stateText[r.state]}</td>
                <td className="num" title={plural(r.looked, 'patch looked at', 'patches looked at')}>
                  {num.format(r.changed)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Section>
  );
}
