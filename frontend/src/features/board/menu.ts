import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, PanelRightOpen, UserPlus } from 'lucide-react';
import { whoMay } from '../../api/queries';
import type { Card, Status } from '../../api/schema';
import type { MenuEntry } from '../../ui/Menu';
import { type Step, type Target, targetAfter } from './steps';

export interface CardMenuContext {
  card: Card;
  columns: { status: Status; name: string; cards: Card[] }[];
  mayMove: boolean;
  /** Why a status is closed to this person, if it is. */
  approval: (status: Status) => string | false;
  open(): void;
  assign(): void;
  move(target: Target): void;
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
    const target = targetAfter(c.columns, c.card.key, step);
    return { label, icon, hint, separate: i === 0, disabled: no || !target, run: () => target && c.move(target) };
  });
  const across = c.columns
    .filter((_, i) => i !== at)
    .map((x, i): MenuEntry => {
      const icon = c.columns.indexOf(x) < at ? ArrowLeft : ArrowRight;
      return {
        label: `Move to ${x.name}`,
        icon,
        separate: i === 0,
        disabled: no || c.approval(x.status),
        run: () => c.move({ status: x.status }),
      };
    });
  return [
    { label: 'Open', icon: PanelRightOpen, hint: 'Enter', run: c.open },
    { label: 'Assign…', icon: UserPlus, hint: 'A', disabled: no, run: c.assign },
    ...within,
    ...across,
  ];
}
