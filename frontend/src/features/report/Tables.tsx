import { useState } from 'react';
import type { SprintReport } from '../../api/schema';
import { causes } from '../../lib/burndown';
import { dayOf, dayText, longDay, num, plural } from '../../lib/format';
import { causeText, detailText, kindText, signed } from '../../lib/ledger';
import { Button } from '../../ui/Button';
import { PatchLink } from '../../ui/links';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';

const cell = (v: number | null | undefined) => (typeof v === 'number' ? num.format(Math.round(v * 100) / 100) : '–');

/** What the chart draws, day by day. */
export function DayTable({ report }: { report: SprintReport }) {
  return (
    <TableScroll label="Points by day">
      <table className="data">
        <caption>Points at the end of each day</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {['Scope', 'Done', 'Remaining', 'Guideline'].map((h) => (
              <th key={h} scope="col" className="num">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.days.map((d) => (
            <tr key={d.day} data-off={!d.working || undefined}>
              <th scope="row">
                {longDay(d.day)}
                {!d.working && <span className="muted"> · not a working day</span>}
                {d.day === report.today && <b> · today</b>}
              </th>
              <td className="num">{cell(d.scope)}</td>
              <td className="num">{cell(d.done)}</td>
              <td className="num">{cell(d.remaining)}</td>
              <td className="num">{cell(d.guideline)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Open risk day by day, and what moved it: how much of each cause, and which items. */
export function RiskTable({ report, sums }: { report: SprintReport; sums: Record<string, number[]> }) {
  return (
    <TableScroll label="Risk by day">
      <table className="data">
        <caption>Open risk at the end of each day</caption>
        <TableHead
          columns={[
            'Day',
            { text: 'In the sprint', num: true },
            { text: 'Whole backlog', num: true },
            ...causes.map((c) => ({ text: causeText[c], num: true })),
            'Moved by',
          ]}
        />
        <tbody>
          {report.days.map((d, i) => (
            <tr key={d.day}>
              <th scope="row">{longDay(d.day)}</th>
              <td className="num">{cell(report.risk.in_sprint[i])}</td>
              <td className="num">{cell(report.risk.total_open[i])}</td>
              {causes.map((c) => (
                <td key={c} className="num">
                  {signed(sums[c]?.[i] ?? 0)}
                </td>
              ))}
              <td>{movedOn(report, d.day)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function movedOn(r: SprintReport, day: string): string {
  const rows = r.risk.ledger.filter((e) => e.at && dayOf(e.at, r.sprint.time_zone) === day);
  const texts = rows
    .slice(0, 5)
    .map((e) => `${e.item || 'others'} ${causeText[e.kind].toLowerCase()} ${signed(e.delta)}`);
  return rows.length > 5 ? `${texts.join(', ')} and ${rows.length - 5} more` : texts.join(', ') || '–';
}

const shownAtFirst = 200;

/** Every change since the start, as the sprint's ledger has it. */
export function LedgerTable({ report }: { report: SprintReport }) {
  const [all, setAll] = useState(false);
  const rows = all ? report.scope_ledger : report.scope_ledger.slice(0, shownAtFirst);
  return (
    <section className="sheet" aria-labelledby="ledger-title">
      <TableScroll label="Ledger of the sprint">
        <table className="data">
          <caption id="ledger-title" className="table-title">
            Changes since the start{' '}
            <span className="muted">{plural(report.scope_ledger.length, 'entry', 'entries')}</span>
          </caption>
          <TableHead columns={['When', 'What', 'Item', { text: 'Points', num: true }, 'Who and why']} />
          <tbody>
            {rows.map((r, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the ledger only grows at its end
              <tr key={`${r.at} ${r.item} ${i}`}>
                <td className="nowrap">
                  {dayText(r.at.slice(0, 10))}, {r.at.slice(11, 16)}
                </td>
                <td className="nowrap">
                  {kindText(r.kind)} <span className="muted">{detailText(r.detail)}</span>
                </td>
                <td>
                  <ItemLink report={report} item={r.item} /> {report.titles[r.item]}
                </td>
                <td className="num">{signed(r.delta)}</td>
                <td>{[r.who, r.reason && `“${r.reason}”`].filter(Boolean).join(': ') || '–'}</td>
              </tr>
            ))}
            {rows.length === 0 && (
              <tr>
                <td colSpan={5} className="muted">
                  Nothing has changed since the start.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </TableScroll>
      {rows.length < report.scope_ledger.length && (
        <Button small onClick={() => setAll(true)}>
          Show all {num.format(report.scope_ledger.length)}
        </Button>
      )}
    </section>
  );
}

/** Items of an imported sprint have names from elsewhere; a patch stands for each, unless only sums are known. */
function ItemLink({ report, item }: { report: SprintReport; item: string }) {
  if (!report.history) return <PatchLink patchKey={item} />;
  const key = report.history.keys[item];
  return key ? <PatchLink patchKey={key}>{item}</PatchLink> : <span>{item}</span>;
}
