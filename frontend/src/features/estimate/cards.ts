import type { EstimationRound, EstimationTable } from '../../api/schema';
import { plural } from '../../lib/format';

export const unsure = '?';
export const coffee = 'coffee';

/** What can be voted in a round: its scale, and the two that name no value. */
export const cardsOf = (round: EstimationRound): string[] => [...round.scale.map((v) => v.label), unsure, coffee];

/** How a card reads aloud. */
export const cardName = (value: string) =>
  value === unsure ? 'Unsure' : value === coffee ? 'Coffee break' : `${value} points`;

/** The card that a digit chooses: the one that is called so; where the scale has no digits, the one at that place. */
export function cardAt(digit: string, cards: readonly string[]): string | undefined {
  if (cards.some((c) => /^\d$/.test(c))) return cards.find((c) => c === digit);
  return cards[Number(digit) - 1];
}

/** The patch that the page shows: the one on a live table; else the one that was chosen, or the first without an own vote. */
export function shownKey(table: EstimationTable, chosen: string | undefined): string | undefined {
  if (table.mode === 'live' && !table.closed_at && table.current) return table.current;
  const there = table.queue.find((i) => i.key === chosen);
  const waiting = table.queue.find((i) => i.rounds.at(-1)?.state === 'voting' && i.rounds.at(-1)?.mine === null);
  return (there ?? waiting ?? table.queue[0])?.key;
}

/** The next patch of the queue without a final value, after the one that is shown and then from the top. */
export function nextKey(table: EstimationTable, key: string | undefined): string | undefined {
  const at = table.queue.findIndex((i) => i.key === key);
  const order = [...table.queue.slice(at + 1), ...table.queue.slice(0, Math.max(0, at))];
  return order.find((i) => !i.rounds.some((r) => r.final))?.key;
}

const number = (n: number) => String(Math.round(n * 100) / 100);

/** "Median 5, mean 5.3, from 3 to 8; 1 unsure" */
export function statisticsText(round: EstimationRound): string {
  const s = round.statistics;
  if (!s) return '';
  const votes = (value: string) => s.counts.find((c) => c.value === value)?.votes ?? 0;
  const apart = [
    votes(unsure) > 0 && `${votes(unsure)} unsure`,
    votes(coffee) > 0 && `${votes(coffee)} for coffee`,
  ].filter(Boolean);
  const rest = apart.length > 0 ? `; ${apart.join(', ')}` : '';
  if (s.median === null || s.mean === null || s.lowest === null || s.highest === null) return `No estimate${rest}`;
  if (s.agreed) return `All agree on ${number(s.median)}${rest}`;
  if (s.estimates === 1) return `One estimate: ${number(s.median)}${rest}`;
  return `Median ${number(s.median)}, mean ${number(s.mean)}, from ${number(s.lowest)} to ${number(s.highest)}${rest}`;
}

/** What to tell screen readers about a table that has changed; empty for nothing. */
export function newsOf(before: EstimationTable, now: EstimationTable, key: string | undefined): string {
  const item = now.queue.find((i) => i.key === key);
  const old = before.queue.find((i) => i.key === key);
  const round = item?.rounds.at(-1);
  const was = old?.rounds.at(-1);
  if (!item || !round) return '';
  if (before.current !== now.current && now.current === key) return `Now ${item.key}: ${item.title}`;
  if (was && round.round > was.round) return `Round ${round.round} of ${item.key}`;
  if (was?.state === 'voting' && round.state === 'revealed') return `Votes revealed. ${statisticsText(round)}`;
  if (!was?.final && round.final) return `${item.key} is estimated at ${round.final.points}`;
  if (was && round.voted.length !== was.voted.length) return `${plural(round.voted.length, 'vote')} on ${item.key}`;
  return '';
}
