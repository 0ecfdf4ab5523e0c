import { lazy, Suspense } from 'react';
import type { MyTeam, Sprint } from '../../api/schema';
import { SprintDialogs } from '../../ui/sprint/SprintDialogs';
import type { Kept } from './many';
import type { Mover, Stopped } from './mover';
import type { Target } from './steps';

const PassDialog = lazy(() => import('./PassDialog').then((m) => ({ default: m.PassDialog })));
const KeptDialog = lazy(() => import('./KeptDialog').then((m) => ({ default: m.KeptDialog })));
const BlockerDialog = lazy(() => import('../../ui/blocker/BlockerDialog').then((m) => ({ default: m.BlockerDialog })));
const ExceptionDialog = lazy(() =>
  import('../../ui/exception/ExceptionDialog').then((m) => ({ default: m.ExceptionDialog })),
);
const ReopenDialog = lazy(() => import('./ReopenDialog').then((m) => ({ default: m.ReopenDialog })));

/** What the board asks before it goes on. */
export type Asked =
  | { kind: 'reopen'; key: string; target: Target }
  | { kind: 'pass'; stopped: Stopped }
  | { kind: 'kept'; kept: Kept }
  | { kind: 'except' | 'block'; key: string }
  | { kind: 'close' };

interface Props {
  team: MyTeam;
  sprint: Sprint;
  asked: Asked;
  mover: Mover;
  onClose: () => void;
  /** The cards of a move of many that did not go, once more with a note. */
  onPassMany: (kept: Kept, note: string) => void;
}

/** The dialog of the question that is open. */
export function BoardDialogs(props: Props) {
  return (
    <Suspense>
      <Asking {...props} />
    </Suspense>
  );
}

function Asking({ team, sprint, asked: a, mover, onClose, onPassMany }: Props) {
  switch (a.kind) {
    case 'kept':
      return <KeptDialog kept={a.kept} onClose={onClose} onPass={(note) => onPassMany(a.kept, note)} />;
    case 'reopen':
      return <ReopenDialog patchKey={a.key} onClose={onClose} onReopen={(why) => mover.move(a.key, a.target, why)} />;
    case 'pass':
      return (
        <PassDialog
          stopped={a.stopped}
          onClose={onClose}
          onPass={(reason) => mover.move(a.stopped.key, a.stopped.target, undefined, reason)}
        />
      );
    case 'except':
      return <ExceptionDialog team={team.key} patchKey={a.key} zone={team.time_zone} onClose={onClose} />;
    case 'block':
      return <BlockerDialog team={team.key} blocker={null} patchKey={a.key} onClose={onClose} />;
    case 'close':
      return <SprintDialogs team={team.key} sprint={sprint} dialog="close" onClose={onClose} />;
  }
}
