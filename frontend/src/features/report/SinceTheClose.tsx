import type { Correction, Reopening, SprintSummary } from '../../api/schema';
import { dateTime, num, plural } from '../../lib/format';
import { signed } from '../../lib/ledger';
import { PatchLink } from '../../ui/links';
import { correctionText } from './corrections';

/** What was corrected after the close, beside the figures it does not change. */
export function Corrections({ s }: { s: SprintSummary }) {
  const { items, figures } = s.corrections;
  if (items.length === 0) return null;
  return (
    <section className="sheet report-list">
      <h2>
        Corrected since the close <span className="muted">{items.length}</span>
      </h2>
      {figures && (
        <p>
          Corrected: <b>{num.format(figures.completed)}</b> of {plural(figures.final_scope, 'point')} completed
          {figures.say_do !== null && `, say/do ${Math.round(figures.say_do * 100)} %`}. At the close:{' '}
          {num.format(s.completed)} of {num.format(s.final_scope)}
          {s.say_do !== null && `, ${Math.round(s.say_do * 100)} %`}.
        </p>
      )}
      <ul>
        {items.map((c) => (
          <li key={`${c.at} ${c.key}`}>
            <PatchLink patchKey={c.key} /> {c.title} <span className="muted">{note(c, s.sprint.time_zone)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const note = (c: Correction, zone: string) =>
  [
    correctionText[c.what].toLowerCase(),
    `${signed(c.what === 'points' ? c.delta : -c.delta)} points${c.what === 'points' ? '' : ' completed'}`,
    dateTime(c.at, zone),
    c.who,
    `“${c.reason}”`,
    !c.counts && 'before the sprint was reopened, so it counts no more',
  ]
    .filter(Boolean)
    .join(' · ');

/** Closes that were taken back, as they had come out. */
export function Reopenings({ s }: { s: SprintSummary }) {
  if (s.reopenings.length === 0) return null;
  return (
    <section className="sheet report-list">
      <h2>
        Reopened <span className="muted">{plural(s.reopenings.length, 'time')}</span>
      </h2>
      <ul>
        {s.reopenings.map((r) => (
          <li key={r.reopened_at}>
            {reopeningText(r, s.sprint.time_zone)}
            {r.moved_on.length > 0 && ' Moved on meanwhile: '}
            {r.moved_on.map((m, i) => (
              <span key={m.key}>
                {i > 0 && ', '}
                <PatchLink patchKey={m.key} /> ({m.where})
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

const reopeningText = (r: Reopening, zone: string) =>
  `Closed ${dateTime(r.closed_at, zone)} by ${r.closed_by} with ${num.format(r.completed)} of ${plural(r.final_scope, 'point')}; reopened ${dateTime(r.reopened_at, zone)} by ${r.reopened_by}: “${r.reason}”.`;
