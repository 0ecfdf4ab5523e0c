import type { Span, Weekday, WindowRule } from '../../api/schema';
import { dayText } from '../../lib/format';

export const weekdayLabel: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const nth: Record<number, string> = { [-1]: 'last', 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', 5: 'fifth' };

/** "Third Tuesday 22:00–02:00, Europe/Berlin": a rule as people say it. */
export function ruleText(rule: WindowRule): string {
  const days = (rule.weekdays ?? []).map((d) => weekdayLabel[d]).join(', ');
  const every = rule.every ?? 1;
  const when = {
    once: dayText(rule.from),
    daily: every > 1 ? `every ${every} days` : 'every day',
    weekly: every > 1 ? `${days} every ${every} weeks` : `every ${days}`,
    monthly: `${nth[rule.nth ?? 1] ?? ''} ${days}${every > 1 ? ` every ${every} months` : ''}`,
  }[rule.repeat];
  const more = rule.days ? ` and ${rule.days} more ${rule.days === 1 ? 'day' : 'days'}` : '';
  const text = `${when} ${rule.start}–${rule.end}${more}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A stretch of time in a zone, the second date only where it differs. */
export function spanText({ from, to }: Span, zone: string): string {
  const day = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'short', month: 'short', day: 'numeric' });
  const time = new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [a, b] = [new Date(from), new Date(to)];
  const end = day.format(a) === day.format(b) ? time.format(b) : `${day.format(b)}, ${time.format(b)}`;
  return `${day.format(a)}, ${time.format(a)} – ${end}`;
}
