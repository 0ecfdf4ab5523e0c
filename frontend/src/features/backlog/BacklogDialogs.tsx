import { lazy, Suspense } from 'react';
import { useTeam } from '../../api/queries';
import type { Patch, Sprint } from '../../api/schema';
import { AssignDialog } from '../../ui/patch/AssignDialog';
import type { PatchActions } from '../../ui/patch/actions';
import { DropDialog } from '../../ui/patch/DropDialog';
import { draggedText } from '../../ui/patch/dragging';
import { EstimateDialog } from '../../ui/patch/EstimateDialog';
import type { Planning } from '../../ui/sprint/actions';
import { sprintName } from '../../ui/sprint/totals';
import { CreatePatchDialog } from './CreatePatchDialog';
import { PlaceDialog } from './PlaceDialog';
import { ReasonDialog } from './ReasonDialog';

/** A question that is open on the backlog page. */
export type Asking =
  | { kind: 'assign' | 'estimate' | 'drop'; patches: Patch[] }
  | { kind: 'place'; patch: Patch; position: number }
  | { kind: 'except'; patch: Patch }
  | { kind: 'emergency'; patches: Patch[]; sprint: Sprint }
  | { kind: 'create' };

interface Props {
  asking: Asking | null;
  team: string;
  last: number;
  actions: PatchActions;
  planning: Planning;
  onClose: () => void;
  onPlace: (patch: Patch, position: number, reason: string) => void;
  onCreated: (key: string) => void;
  onDropped: () => void;
}

const ExceptionDialog = lazy(() =>
  import('../../ui/exception/ExceptionDialog').then((m) => ({ default: m.ExceptionDialog })),
);

export function BacklogDialogs({
  asking,
  team,
  last,
  actions,
  planning,
  onClose,
  onPlace,
  onCreated,
  onDropped,
}: Props) {
  const zone = useTeam()?.time_zone ?? 'UTC';
  switch (asking?.kind) {
    case 'assign':
      return (
        <AssignDialog
          team={team}
          patches={asking.patches}
          onClose={onClose}
          onAssign={(p) => void actions.assign(asking.patches, p)}
        />
      );
    case 'estimate':
      return (
        <EstimateDialog
          patches={asking.patches}
          onClose={onClose}
          onSave={(p) => void actions.estimate(asking.patches, p)}
        />
      );
    case 'drop':
      return (
        <DropDialog
          patches={asking.patches}
          onClose={onClose}
          onDrop={(r) => void actions.drop(asking.patches, r).then(onDropped)}
        />
      );
    case 'except':
      return (
        <Suspense>
          <ExceptionDialog team={team} patchKey={asking.patch.key} zone={zone} onClose={onClose} />
        </Suspense>
      );
    case 'place':
      return (
        <PlaceDialog
          patch={asking.patch}
          position={asking.position}
          last={last}
          onClose={onClose}
          onPlace={(at, why) => onPlace(asking.patch, at, why)}
        />
      );
    case 'emergency':
      return (
        <ReasonDialog
          title={`Emergency into ${sprintName(asking.sprint)}`}
          text={`${draggedText(asking.patches)} joins the running sprint in the emergency lane; the ledger keeps the reason.`}
          action="Add as emergency"
          onClose={onClose}
          onDone={(reason) =>
            void planning.add(asking.patches, asking.sprint.number, { how: 'emergency', ...(reason && { reason }) })
          }
        />
      );
    case 'create':
      return <CreatePatchDialog team={team} onClose={onClose} onCreated={onCreated} />;
    default:
      return null;
  }
}
