import { lazy, Suspense } from 'react';
import type { PatchFilter } from '../../api/patches';
import { useTeam } from '../../api/queries';
import type { BulkChange, Patch, Sprint } from '../../api/schema';
import type { UrlState } from '../../app/url';
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
import type { Shown } from './useView';

const FilterDialog = lazy(() => import('./finding/FilterDialog').then((m) => ({ default: m.FilterDialog })));
const ViewsDialog = lazy(() => import('./finding/ViewsDialog').then((m) => ({ default: m.ViewsDialog })));
const ColumnsDialog = lazy(() => import('./finding/ColumnsDialog').then((m) => ({ default: m.ColumnsDialog })));
const BulkDialog = lazy(() => import('./finding/BulkDialog').then((m) => ({ default: m.BulkDialog })));

/** A question that is open on the backlog page. */
export type Asking =
  | { kind: 'assign' | 'estimate' | 'drop'; patches: Patch[] }
  | { kind: 'place'; patch: Patch; position: number }
  | { kind: 'except' | 'block'; patch: Patch }
  | { kind: 'emergency'; patches: Patch[]; sprint: Sprint }
  | { kind: 'create' }
  | { kind: 'filter'; edit?: string }
  | { kind: 'views' | 'columns' }
  | { kind: 'bulk'; patches: Patch[] };

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
  url: UrlState;
  change: (to: UrlState) => void;
  filter: PatchFilter;
  view: Shown;
  onEdit: (patches: readonly Patch[], change: BulkChange) => void;
}

const BlockerDialog = lazy(() => import('../../ui/blocker/BlockerDialog').then((m) => ({ default: m.BlockerDialog })));
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
  url,
  change,
  filter,
  view,
  onEdit,
}: Props) {
  const zone = useTeam()?.time_zone ?? 'UTC';
  switch (asking?.kind) {
    case 'assign':
      return (
        <AssignDialog
          team={team}
          patches={asking.patches}
          onClose={onClose}
          onAssign={(p) =>
            asking.patches.length > 1
              ? onEdit(asking.patches, { assignee_id: p?.id ?? null })
              : void actions.assign(asking.patches, p)
          }
        />
      );
    case 'estimate':
      return (
        <EstimateDialog
          patches={asking.patches}
          onClose={onClose}
          onSave={(points) => onEdit(asking.patches, { points })}
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
    case 'block':
      return (
        <Suspense>
          <BlockerDialog team={team} blocker={null} patchKey={asking.patch.key} onClose={onClose} />
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
    case 'filter':
      return (
        <Suspense>
          <FilterDialog team={team} url={url} edit={asking.edit} change={change} onClose={onClose} />
        </Suspense>
      );
    case 'views':
      return (
        <Suspense>
          <ViewsDialog team={team} url={url} view={view} change={change} onClose={onClose} />
        </Suspense>
      );
    case 'columns':
      return (
        <Suspense>
          <ColumnsDialog team={team} filter={filter} view={view} onClose={onClose} />
        </Suspense>
      );
    case 'bulk':
      return (
        <Suspense>
          <BulkDialog team={team} patches={asking.patches} onClose={onClose} onDone={onDropped} />
        </Suspense>
      );
    default:
      return null;
  }
}
