import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  CopyCheck,
  OctagonAlert,
  PanelRightOpen,
  ShieldQuestion,
  UserPlus,
} from 'lucide-react';
import { whoMay } from '../../api/queries';
import type { Card, Status } from '../../api/schema';
import type { MenuEntry } from '../../ui/Menu';
import type { Lane, ShownColumn } from './lanes';
import { type Step, type Target, targetAfter } from './steps';

export interface CardMenuContext {
  card: Card;
  columns: ShownColumn[];
  lanes: Lane[];
  /** How many cards are selected, this one among them. */
  selected: number;
  mayMove: boolean;
  /** Why a status is closed to this person, if it is. */
  approval: (status: Status) => string | false;
  open(): void;
  assign(): void;
  block(): void;
  except(): void;
  select(): void;
  move(target: Target): void;
  moveSelected(status: Status, name: string): void;
}

const steps: [Step, string, typeof ArrowUp, string][] = [
  ['up', 'Move up', ArrowUp, 'Alt ↑'],
  ['down', 'Move down', ArrowDown, 'Alt ↓'],
];

/** Everything a drag can do, as menu items. */
export function cardEntries(c: CardMenuContext): MenuEntry[] {
  const no = !c.mayMove && whoMay.work;
  // new patches share the column of the ready ones, so the column is where the card is
  const at = c.columns.findIndex((x) => x.cards.some((y) => y.key === c.card.key));
  const within = steps.map(([step, label, icon, hint], i): MenuEntry => {
    const target = targetAfter(c.lanes, c.card.key, step);
    return { label, icon, hint, separate: i === 0, disabled: no || !target, run: () => target && c.move(target) };
  });
  const across = c.columns
    .filter((_, i) => c.selected > 1 || i !== at)
    .map((x, i): MenuEntry => {
      const icon = c.columns.indexOf(x) < at ? ArrowLeft : ArrowRight;
      return {
        label: c.selected > 1 ? `Move ${c.selected} cards to ${x.name}` : `Move to ${x.name}`,
        icon,
        separate: i === 0,
        disabled: no || c.approval(x.status),
        run: () => (c.selected > 1 ? c.moveSelected(x.status, x.name) : c.move({ status: x.status })),
      };
    });
  return [
    { label: 'Open', icon: PanelRightOpen, hint: 'Enter', run: c.open },
    { label: 'Assign…', icon: UserPlus, hint: 'A', disabled: no, run: c.assign },
    {
      label: 'Report a blocker…',
      icon: OctagonAlert,
      hint: 'B',
      disabled: no || (c.card.blocked_since ? 'It is blocked already' : false),
      run: c.block,
    },
    { label: c.selected > 0 ? 'Unselect' : 'Select', icon: CopyCheck, hint: 'X', run: c.select },
    ...(c.selected > 1 ? [] : within),
    ...across,
    { label: 'Ask for an exception…', icon: ShieldQuestion, separate: true, disabled: no, run: c.except },
  ];
}
