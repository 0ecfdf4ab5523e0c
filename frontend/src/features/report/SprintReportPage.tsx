import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Copy, Printer } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { SprintSummary, SummaryLine } from '../../api/schema';
import { sprintKeys, sprintSummaryQuery } from '../../api/sprints';
import { useTitle } from '../../app/title';
import { saveFile } from '../../charts/png';
import { causes } from '../../lib/burndown';
import { dateText, longDate, num, plural } from '../../lib/format';
import { causeText, detailText, signed } from '../../lib/ledger';
import { Button } from '../../ui/Button';
import { BurndownLink, PatchLink, TeamLink } from '../../ui/links';
import { spanText, sprintName, stateLabel } from '../../ui/sprint/totals';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';
import { SaveText } from './ChartSheet';
import { Corrections, Reopenings } from './SinceTheClose';
import './report.css';
import './reports.css';

const CorrectDialog = lazy(() => import('./CorrectDialog'));

/** What a Scrum master writes to people about a sprint, on one page. */
export function SprintReportPage() {
  const team = useTeam();
  const n = Number(useParams({ strict: false }).n);
  useTitle(`Report of sprint ${Number.isInteger(n) ? n : ''}`);
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  if (!Number.isInteger(n) || n < 1)
    return <EmptyState title="A sprint has a number" action={<TeamLink to="sprints">All sprints</TeamLink>} />;
  return <Loaded key={`${team.key} ${n}`} team={team.key} n={n} />;
}

function Loaded({ team, n }: { team: string; n: number }) {
  const { data, error, refetch } = useQuery(sprintSummaryQuery(team, n));
  if (error && !data)
    return (
      <ErrorState
        page
        error={error}
        what={`The report of sprint ${n} could not be loaded`}
        retry={() => void refetch()}
      />
    );
  if (!data) return <SkeletonRows rows={12} label={`Loading the report of sprint ${n}`} />;
  return <Report team={team} s={data} />;
}

function Report({ team, s }: { team: string; s: SprintSummary }) {
  const name = sprintName(s.sprint);
  const file = `${team}-sprint-${s.sprint.number}-report`;
  return (
    <div className="page long sprint-report">
      <header className="page-head">
        <div className="headline">
          <h1>
            Report of {name}{' '}
            <span className="badge count" data-state={s.sprint.state}>
              {stateLabel[s.sprint.state]}
            </span>
          </h1>
          <p>
            {spanText(s.sprint)} · {s.headline}
          </p>
        </div>
        <div className="tools no-print">
          <BurndownLink n={s.sprint.number} className="btn" />
          <Correct team={team} s={s} />
          <Button onClick={() => void copyText(s.markdown)}>
            <Copy size={14} aria-hidden />
            Copy as Markdown
          </Button>
          <Button
            onClick={() => saveFile(new Blob([s.markdown], { type: 'text/markdown;charset=utf-8' }), `${file}.md`)}
          >
            Markdown file
          </Button>
          <SaveText
            text={() => `${JSON.stringify(s, null, 2)}\n`}
            name={`${file}.json`}
            type="application/json"
            label="JSON"
            of="the report"
          />
          <Button onClick={() => window.print()}>
            <Printer size={14} aria-hidden />
            Print
          </Button>
        </div>
      </header>
      <Figures s={s} />
      <div className="report-lists">
        <Lines title="Emergencies" lines={s.emergencies} />
        <Lines title="Added" lines={s.added} />
        <Lines title="Removed" lines={s.removed} />
        <Lines title="Estimates changed" lines={s.re_estimated} change />
        <Lines title="Reopened" lines={s.reopened} />
        <Lines title="Dropped" lines={s.dropped} />
        <Lines title={s.sprint.state === 'active' ? 'Still open' : 'Carried over'} lines={s.carried} />
        <Lines title="Due dates missed" lines={s.due_missed} />
        <Blockers s={s} />
        <Lines title="Completed with open tasks" lines={s.open_tasks} />
        <Lines title="Completed" lines={s.completed_items} />
        <Corrections s={s} />
        <Reopenings s={s} />
      </div>
    </div>
  );
}

/** A closed sprint that was worked here is corrected by rows of its own. */
function Correct({ team, s }: { team: string; s: SprintSummary }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const mayPlan = usePermission('plan', team);
  const possible = s.sprint.state === 'closed' && !s.sprint.imported;
  if (!possible) return null;
  return (
    <>
      <Button reason={!mayPlan && whoMay.plan} onClick={() => setOpen(true)}>
        Correct…
      </Button>
      <Suspense>
        {open && (
          <CorrectDialog
            team={team}
            summary={s}
            onClose={() => setOpen(false)}
            onDone={() => void client.invalidateQueries({ queryKey: sprintKeys.all(team) })}
          />
        )}
      </Suspense>
    </>
  );
}

/** Over plain http there is no clipboard API; selecting and copying still works there. */
async function copyText(text: string): Promise<void> {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
    toast({ text: 'The report is copied as Markdown' });
  } catch (error) {
    toastError(error, 'The report was not copied; use “Markdown file”');
  }
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('This browser does not copy');
}

function Figures({ s }: { s: SprintSummary }) {
  const share = s.say_do === null ? '–' : `${Math.round(s.say_do * 100)} %`;
  const goal = s.goal_met === null ? '' : s.goal_met ? 'met' : 'not met';
  const rows: [string, string][] = [
    ['Goal', [s.sprint.goal || 'none', goal].filter(Boolean).join(' · ')],
    ['Committed', plural(s.committed, 'point')],
    ['Completed', `${plural(s.completed, 'point')}, ${num.format(s.completed_of_added)} of them added later`],
    ['Say/do', `${share} of the commitment`],
    ['Final scope', plural(s.final_scope, 'point')],
    ['Working days', `${s.days_over} of ${s.working_days}`],
    ['Due dates', `${s.due_met} met, ${s.due_missed.length} missed`],
  ];
  const risk = causes.flatMap((c) => (c in s.risk ? [`${causeText[c].toLowerCase()} ${signed(s.risk[c] ?? 0)}`] : []));
  if (risk.length > 0) rows.push(['Risk of the backlog', risk.join(', ')]);
  return (
    <dl className="sheet report-figures">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Of a list of thousands nobody reads all, and a page of them is slow. */
const shownAtFirst = 100;

function Lines({ title, lines, change }: { title: string; lines: SummaryLine[]; change?: boolean }) {
  const [all, setAll] = useState(false);
  if (lines.length === 0) return null;
  return (
    <section className="sheet report-list">
      <h2>
        {title} <span className="muted">{num.format(lines.length)}</span>
      </h2>
      <ul>
        {(all ? lines : lines.slice(0, shownAtFirst)).map((l, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same item may stand in a list twice, in order of time
          <li key={`${l.item} ${i}`}>
            {l.key ? <PatchLink patchKey={l.key}>{l.item}</PatchLink> : <b>{l.item}</b>} {l.title}{' '}
            <span className="muted">{lineNote(l, change)}</span>
          </li>
        ))}
      </ul>
      {!all && lines.length > shownAtFirst && (
        <Button small onClick={() => setAll(true)}>
          Show all {num.format(lines.length)}
        </Button>
      )}
    </section>
  );
}

function lineNote(l: SummaryLine, change?: boolean): string {
  const points =
    l.points === 0
      ? ''
      : change
        ? `${signed(l.points)} ${Math.abs(l.points) === 1 ? 'point' : 'points'}`
        : plural(l.points, 'point');
  const times = l.times > 1 ? `carried ${l.times} times` : '';
  const when = l.at ? (isThisYear(l.at) ? dateText(l.at) : longDate(l.at)) : '';
  return [points, detailText(l.detail), when, times, l.who, l.reason && `“${l.reason}”`].filter(Boolean).join(' · ');
}

const isThisYear = (at: string) => at.startsWith(String(new Date().getFullYear()));

function Blockers({ s }: { s: SprintSummary }) {
  if (s.blockers.length === 0) return null;
  return (
    <section className="sheet report-list">
      <h2>
        Blockers <span className="muted">{s.blockers.length}</span>
      </h2>
      <ul>
        {s.blockers.map((b, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item may have been blocked twice
          <li key={`${b.key} ${i}`}>
            <PatchLink patchKey={b.key} /> {b.title}{' '}
            <span className="muted">
              {b.needed} · {plural(b.days, 'working day')}
              {b.open && ' · still open'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
