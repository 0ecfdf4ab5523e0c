/** The instant a calendar day ends in a time zone, in milliseconds: exact also on days of 23 or 25 hours. */
export function endOfDay(day: string, zone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`) + 86_400_000;
  const first = midnight - offsetAt(midnight, zone);
  return midnight - offsetAt(first, zone);
}

/** How much of its day has gone by at an instant, by the clock of a time zone: 0 to 1. */
export function shareOfDay(instant: number, zone: string): number {
  const day = 86_400_000;
  return ((instant + offsetAt(instant, zone)) % day) / day;
}

/** How far the zone's clock is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const get = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return wall - Math.floor(instant / 1000) * 1000;
}
