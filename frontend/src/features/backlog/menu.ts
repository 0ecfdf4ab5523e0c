import {
  ArrowDown,
  ArrowDownToLine,
  ArrowLeftToLine,
  ArrowUp,
  ArrowUpToLine,
  CheckSquare,
  Flag,
  MapPin,
  OctagonAlert,
  PanelRightOpen,
  ShieldQuestion,
  Siren,
  Tag,
  Trash2,
  Undo2,
  UserPlus,
  UserRound,
} from 'lucide-react';
import type { Patch, Sprint } from '../../api/schema';
import type { Direction } from '../../lib/moves';
import type { MenuEntry } from '../../ui/Menu';
import { sprintName } from '../../ui/sprint/totals';

/** What the menu of a row can do, and why not where it cannot. */
export interface MenuContext {
  patch: Patch;
  selected: boolean;
  sprints: readonly Sprint[];
  reasons: { work: string | false; rank: string | false; fill: (s: Sprint) => string | false };
  /** The reason against placing in two or three words, shown in the menu itself. */
  noRank: string;
  open(): void;
  select(): void;
  estimate(): void;
  assign(): void;
  assignMe(): void;
  move(where: Direction): void;
  placeWithReason(): void;
  unplace(): void;
  /** Labels, and whatever else several patches can have changed. */
  change(): void;
  block(): void;
  except(): void;
  drop(): void;
  add(sprint: Sprint): void;
  addEmergency(sprint: Sprint): void;
  remove(n: number): void;
}

export function rowEntries(c: MenuContext): MenuEntry[] {
  const { work, rank } = c.reasons;
  return [
    { label: 'Open', icon: PanelRightOpen, hint: 'Enter', run: c.open },
    { label: c.selected ? 'Unselect' : 'Select', icon: CheckSquare, hint: 'X', run: c.select },
    { label: 'Estimate…', icon: Flag, hint: 'E', disabled: work, run: c.estimate },
    { label: 'Assign…', icon: UserPlus, hint: 'A', disabled: work, run: c.assign },
    { label: 'Assign to me', icon: UserRound, hint: 'I', disabled: work, run: c.assignMe },
    { label: 'Label…', icon: Tag, hint: 'L', disabled: work, run: c.change },
    { label: 'Report a blocker…', icon: OctagonAlert, hint: 'B', disabled: work, run: c.block },
    ...sprintEntries(c),
    {
      label: 'Move up',
      icon: ArrowUp,
      hint: c.noRank || 'Alt ↑',
      disabled: rank,
      separate: true,
      run: () => c.move('up'),
    },
    { label: 'Move down', icon: ArrowDown, hint: c.noRank || 'Alt ↓', disabled: rank, run: () => c.move('down') },
    {
      label: 'Move to the top',
      icon: ArrowUpToLine,
      hint: c.noRank || 'Alt ⇧ ↑',
      disabled: rank,
      run: () => c.move('top'),
    },
    {
      label: 'Move to the end',
      icon: ArrowDownToLine,
      hint: c.noRank || 'Alt ⇧ ↓',
      disabled: rank,
      run: () => c.move('bottom'),
    },
    { label: 'Place with reason…', icon: MapPin, disabled: rank, run: c.placeWithReason },
    ...(c.patch.placement ? [{ label: 'Return to risk order', icon: Undo2, disabled: rank, run: c.unplace }] : []),
    { label: 'Ask for an exception…', icon: ShieldQuestion, disabled: work, separate: true, run: c.except },
    { label: 'Drop…', icon: Trash2, disabled: rank, danger: true, run: c.drop },
  ];
}

function sprintEntries(c: MenuContext): MenuEntry[] {
  const own = c.sprints.find((s) => s.number === c.patch.sprint);
  const others = c.sprints.filter((s) => s !== own);
  const into = others.flatMap((s, i): MenuEntry[] => {
    const disabled = c.reasons.fill(s);
    const entry = {
      label: `Put into ${sprintName(s)}`,
      icon: Flag,
      disabled,
      separate: i === 0,
      run: () => c.add(s),
      ...(i === 0 && { hint: '⇧ C' }),
    };
    if (s.state !== 'active') return [entry];
    return [
      entry,
      { label: `Put into ${sprintName(s)} as an emergency…`, icon: Siren, disabled, run: () => c.addEmergency(s) },
    ];
  });
  if (!own) return into;
  const out = {
    label: `Take out of ${sprintName(own)}`,
    icon: ArrowLeftToLine,
    disabled: c.reasons.fill(own),
    separate: true,
    run: () => c.remove(own.number),
  };
  return [out, ...into];
}
