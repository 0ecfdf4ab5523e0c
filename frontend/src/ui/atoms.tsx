import { type CSSProperties, memo } from 'react';
import type { Status } from '../api/schema';
import { type Band, band, bandLabel, statusLabel } from '../lib/domain';
import { dateTime, dayOf, daysBetween, initials, longDate, plural } from '../lib/format';
import { cx } from './cx';

export { Glyph } from './Glyph';

interface RiskProps {
  value: number;
  /** The band of the server where it is known; else from the value. */
  band?: Band;
  /** Without the meter: a number in a tinted box. */
  pill?: boolean;
}

/** The priority as a number with a meter; the band is told in words, never by colour alone. */
export const Risk = memo(function Risk({ value, band: given, pill }: RiskProps) {
  const b = given ?? band(value);
  const shown = Math.round(value);
  if (pill) {
    return (
      <span className="risk-pill" data-band={b} title={`${bandLabel[b]} priority, ${value.toFixed(1)} of 100`}>
        {shown}
        <span className="sr"> {bandLabel[b]}</span>
      </span>
    );
  }
  return (
    <span className="risk" data-band={b} title={`${bandLabel[b]}, ${value.toFixed(1)} of 100`}>
      <span className="risk-num">{shown}</span>
      <span className="meter" role="img" aria-label={`${bandLabel[b]} priority`}>
        <i style={{ width: `${Math.max(0, Math.min(100, value))}%` }} />
      </span>
    </span>
  );
});

export const Kev = () => (
  <span className="badge kev" title="In CISA's Known Exploited Vulnerabilities catalogue">
    KEV
  </span>
);

/** What a due date means today, in whole days of the team's time zone. */
export function dueState(at: string, zone?: string, now = Date.now()): { text: string; level: string } {
  const days = daysBetween(dayOf(now, zone), dayOf(at, zone));
  if (Date.parse(at) < now) return { text: days < 0 ? `${-days} d overdue` : 'overdue', level: 'over' };
  const level = days <= 2 ? 'soon' : days <= 7 ? 'near' : 'far';
  return { text: days === 0 ? 'today' : `${days} d`, level };
}

interface DueChipProps {
  at: string | null;
  zone?: string | undefined;
  /** Verified or dropped: the date no longer presses. */
  done?: boolean;
  /** The policy that set it, for the title. */
  policy?: string;
}

/** "6 d", grey turning red; "4 d overdue". */
export const DueChip = memo(function DueChip({ at, zone, done, policy }: DueChipProps) {
  if (!at) return null;
  const title = `Due ${dateTime(at, zone)}${policy ? ` by ${policy}` : ''}`;
  if (done) {
    return (
      <span className="due" data-level="far" title={title}>
        {longDate(at, zone)}
      </span>
    );
  }
  const { text, level } = dueState(at, zone);
  return (
    <span className="due" data-level={level} title={title}>
      {text}
    </span>
  );
});

/** Story points; "–" where nobody has estimated. */
export const Points = ({ value }: { value: number | null }) =>
  value === null ? (
    <span className="muted" title="Not estimated">
      –<span className="sr">not estimated</span>
    </span>
  ) : (
    <span>{value}</span>
  );

interface PersonProps {
  name: string | null | undefined;
  /** The picture alone. */
  bare?: boolean;
  large?: boolean;
}

/** People are neutral: their pictures never wear severity colours. */
export const Person = memo(function Person({ name, bare, large }: PersonProps) {
  if (!name) return bare ? null : <span className="muted">Unassigned</span>;
  const picture = cx('avatar', large && 'lg');
  if (bare) {
    return (
      <span className={picture} role="img" aria-label={name} title={name}>
        {initials(name)}
      </span>
    );
  }
  return (
    <span className="person">
      <span className={picture} aria-hidden>
        {initials(name)}
      </span>
      <span className="clip">{name}</span>
    </span>
  );
});

/** Green means done, and nothing else does. */
export const StatusBadge = ({ status }: { status: Status }) => (
  <span className="badge status" data-status={status}>
    {statusLabel[status]}
  </span>
);

/** "97/140": of the hosts that ever needed the patch, those that have it. */
export const Hosts = ({ patched, open }: { patched: number; open: number }) => {
  const all = patched + open;
  if (all === 0) return <span className="muted">–</span>;
  const text = `${patched} of ${plural(all, 'host')} patched`;
  return (
    <span className="hosts" title={text}>
      <i style={{ '--part': `${(100 * patched) / all}%` } as CSSProperties} />
      <span aria-hidden>
        {patched}/{all}
      </span>
      <span className="sr">{text}</span>
    </span>
  );
};

/** A neutral chip: a tag, a regulation, a filter in force. */
export const Chip = ({ children, title }: { children: string; title?: string }) => (
  <span className="chip" title={title}>
    {children}
  </span>
);
