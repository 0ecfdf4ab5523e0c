import type { BoardGroup, Card, Person, Status } from '../../api/schema';
import { type Band, bandLabel } from '../../lib/domain';

export const laneKinds = ['none', 'assignee', 'group', 'band'] as const;
/** By what the board is cut into rows. */
export type LaneBy = (typeof laneKinds)[number];

/** A column as it is shown: filtered, or a lane's part of it. */
export interface ShownColumn {
  status: Status;
  name: string;
  cards: Card[];
}

/** A row across all columns. Without a name it is the only one, or the rest below the emergencies. */
export interface Lane {
  id: string;
  kind: LaneBy | 'emergency';
  name: string;
  /** In lanes by assignee: whose it is; null is nobody's. A card that is put here becomes theirs. */
  person?: Person | null;
  columns: ShownColumn[];
}

export const laneBy = (text: string | undefined): LaneBy => laneKinds.find((k) => k === text) ?? 'none';

interface Cut {
  by: LaneBy;
  /** Emergencies have a row of their own, above all others. */
  emergencies: boolean;
  groups: readonly BoardGroup[];
  me: string | undefined;
}

interface Place {
  id: string;
  name: string;
  person?: Person | null;
  /** Rows stand in this order. */
  order: string;
}

/** Cuts the columns into rows; every card is in one, in the order of its column. Rows without a card are left out. */
export function lanesOf(columns: readonly ShownColumn[], cut: Cut): Lane[] {
  const lanes: Lane[] = [];
  const urgent = (c: Card) => cut.emergencies && !!c.emergency;
  if (columns.some((c) => c.cards.some(urgent)))
    lanes.push({ id: 'emergency', kind: 'emergency', name: 'Emergencies', columns: part(columns, urgent) });
  const rest = part(columns, (c) => !urgent(c));
  if (cut.by === 'none') return [...lanes, { id: 'all', kind: 'none', name: '', columns: rest }];
  const placeOf = placer(cut);
  const places = new Map<string, Place>();
  for (const card of rest.flatMap((c) => c.cards)) {
    const place = placeOf(card);
    places.set(place.id, place);
  }
  const rows = [...places.values()].toSorted((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  for (const { id, name, person } of rows) {
    const mine = part(rest, (c) => placeOf(c).id === id);
    lanes.push({ id, kind: cut.by, name, ...(person !== undefined && { person }), columns: mine });
  }
  return lanes.length > 0 ? lanes : [{ id: 'all', kind: 'none', name: '', columns: rest }];
}

const part = (columns: readonly ShownColumn[], keep: (c: Card) => boolean): ShownColumn[] =>
  columns.map((c) => ({ ...c, cards: c.cards.filter(keep) }));

function placer({ by, groups, me }: Cut): (c: Card) => Place {
  if (by === 'assignee') return (c) => assigneePlace(c.assignee, me);
  if (by === 'band') return (c) => bandPlace(c.band);
  const first = new Map<string, BoardGroup>();
  for (const g of groups) for (const key of g.keys) if (!first.has(key)) first.set(key, g);
  const order = new Map(groups.map((g, i) => [g.id, String(i).padStart(6, '0')]));
  return (c) => {
    const g = first.get(c.key);
    return g
      ? { id: g.id, name: g.name, order: order.get(g.id) ?? '' }
      : { id: 'no-group', name: 'In no asset group', order: '~' };
  };
}

/** Oneself first, then everybody by name, then what is nobody's. */
function assigneePlace(person: Person | null, me: string | undefined): Place {
  if (!person) return { id: 'nobody', name: 'Unassigned', person: null, order: '2' };
  const mine = person.id === me;
  return {
    id: person.id,
    name: mine ? `${person.name} (you)` : person.name,
    person: { id: person.id, name: person.name },
    order: mine ? '0' : `1${person.name.toLowerCase()} ${person.id}`,
  };
}

const bandPlace = (band: Band): Place => ({
  id: band,
  name: `${bandLabel[band]} priority`,
  order: String(['critical', 'high', 'medium', 'low'].indexOf(band)),
});

/** Where a card is shown. */
export function findInLanes(lanes: readonly Lane[], key: string): { lane: number; col: number; row: number } | null {
  for (const [lane, { columns }] of lanes.entries())
    for (const [col, { cards }] of columns.entries()) {
      const row = cards.findIndex((c) => c.key === key);
      if (row >= 0) return { lane, col, row };
    }
  return null;
}

/** All shown cards, row by row from left to right. */
export const cardsOf = (lanes: readonly Lane[]): Card[] => lanes.flatMap((l) => l.columns.flatMap((c) => c.cards));
