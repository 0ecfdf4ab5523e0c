import type { ItemMove, Moves } from '../../api/schema';
import { countText, dateText, dayOf, epssText } from '../../lib/format';

const probability = (text: string) => (text === '' ? 'unknown' : epssText(Number(text)));

/** Why an item moved, in a few words. */
export function causeText(m: ItemMove): string {
  const { cause, was, became } = m;
  const from = `${was} → ${became}`;
  switch (cause) {
    case 'kev':
      return became === 'yes' ? 'known exploited (KEV)' : 'no longer in the KEV catalogue';
    case 'epss':
      return `EPSS ${probability(was)} → ${probability(became)}`;
    case 'rebaseline':
      return `new EPSS model, ${probability(was)} → ${probability(became)}`;
    case 'cvss':
      return `CVSS ${from}`;
    case 'ssvc':
      return `SSVC: ${became}`;
    case 'findings':
      return `vulnerabilities ${from}`;
    case 'assets':
      return `affected assets ${from}`;
    case 'criticality':
      return `asset criticality ${from}`;
    case 'exposure':
      return `asset exposure ${from}`;
    case 'regulation':
      return became === 'yes' ? 'a regulated asset is affected' : 'no regulated asset is affected any more';
    case 'due':
      return 'the due date nears';
  }
  return m.kind === 'new' ? 'new' : m.kind === 'closed' ? 'closed' : 'scored again';
}

/** "yesterday 17:30", "17:30" of today, "Nov 20 17:30". */
export function sinceText(at: string, zone: string, now = Date.now()): string {
  const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
  const time = clock.format(new Date(at));
  const day = dayOf(at, zone);
  if (day === dayOf(now, zone)) return time;
  if (day === dayOf(now - 86_400_000, zone)) return `yesterday ${time}`;
  return `${dateText(at, zone)} ${time}`;
}

/** "14 moved, 3 new"; empty when nothing did. */
export function movesText(m: Moves): string {
  const capped = (n: number) => countText(n, n >= 1000);
  return [
    m.moved && `${capped(m.moved)} moved`,
    m.new && `${capped(m.new)} new`,
    m.closed && `${capped(m.closed)} closed`,
  ]
    .filter(Boolean)
    .join(', ');
}
