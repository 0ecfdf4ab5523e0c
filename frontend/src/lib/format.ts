/** Texts for dates, numbers and sizes; English, as the whole interface is. */
export const num = new Intl.NumberFormat('en');
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const plural = (n: number, one: string, many = `${one}s`) => `${num.format(n)} ${n === 1 ? one : many}`;

/** A capped count such as "1,000+". */
export const countText = (n: number, capped: boolean) => (capped ? `${num.format(n)}+` : num.format(n));

/** EPSS is a probability; below one in a thousand the digits mean nothing. */
export const epssText = (p: number) => (p < 0.001 ? '<0.1 %' : `${percent.format(p * 100)} %`);

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${zone ?? ''} ${JSON.stringify(options)}`;
  let made = formatters.get(id);
  if (!made) {
    made = new Intl.DateTimeFormat('en', zone ? { ...options, timeZone: zone } : options);
    formatters.set(id, made);
  }
  return made;
}

/** "Oct 19" of an instant, in a time zone; in the browser's without one. */
export const dateText = (instant: string, zone?: string) =>
  formatter(zone, { day: 'numeric', month: 'short' }).format(new Date(instant));

/** "Oct 19, 2026" of an instant. */
export const longDate = (instant: string, zone?: string) =>
  formatter(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(instant));

/** "Oct 19, 2026, 14:05" of an instant. */
export const dateTime = (instant: string, zone?: string) =>
  formatter(zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(instant));

/** "Oct 19" of a calendar day (`2026-10-19`), which belongs to no time zone. */
export const dayText = (day: string) => dateText(`${day}T00:00:00Z`, 'UTC');

/** "Mon, Oct 19, 2026" of a calendar day. */
export const longDay = (day: string) =>
  formatter('UTC', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** The calendar day (`2026-10-19`) an instant falls on in a time zone. */
export function dayOf(instant: string | number | Date, zone?: string): string {
  const parts = formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** Whole calendar days from one day to another; negative when it is past. */
export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** "3 minutes ago", "in 2 days". */
export function ago(instant: string, now = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** "12.4 MB"; decimal units, as file managers show them. */
export function bytesText(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${oneDigit.format(value)} ${units[unit]}`;
}

/** "AO" for "Amara Okafor". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((w) => [...(w ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
