import type { SprintReport } from '../../api/schema';
import { riskByCause } from '../../lib/burndown';
import { plural } from '../../lib/format';
import { causeHelp, causeText, signed } from '../../lib/ledger';
import { TableHead } from '../../ui/TableHead';

/** Why the open risk moved: work is one cause among five. */
export function Causes({ report }: { report: SprintReport }) {
  return (
    <section className="sheet" aria-labelledby="causes-title">
      <table className="data">
        <caption id="causes-title" className="table-title">
          Why the risk moved
        </caption>
        <TableHead columns={['Cause', { text: 'Risk', num: true }, { text: 'Events', num: true }]} />
        <tbody>
          {riskByCause(report).map((c) => (
            <tr key={c.cause}>
              <th scope="row">
                {causeText[c.cause]} <span className="muted">{causeHelp[c.cause]}</span>
              </th>
              <td className="num">{signed(c.delta)}</td>
              <td className="num">{plural(c.count, 'event')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
