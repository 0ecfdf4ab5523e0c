import { lazy, Suspense } from 'react';
import type { Sprint } from '../../api/schema';
import { usePlanning } from './actions';

export type SprintDialog = 'edit' | 'start' | 'close' | 'cancel' | 'reopen' | 'capacity' | 'propose';

const views = {
  edit: lazy(() => import('./SprintForm').then((m) => ({ default: m.SprintForm }))),
  start: lazy(() => import('./StartDialog').then((m) => ({ default: m.StartDialog }))),
  close: lazy(() => import('./CloseDialog').then((m) => ({ default: m.CloseDialog }))),
  capacity: lazy(() => import('./CapacityDialog').then((m) => ({ default: m.CapacityDialog }))),
  propose: lazy(() => import('./ProposalDialog').then((m) => ({ default: m.ProposalDialog }))),
  reopen: lazy(() => import('./ReopenDialog').then((m) => ({ default: m.ReopenDialog }))),
  cancel: lazy(() => import('./CancelDialog').then((m) => ({ default: m.CancelDialog }))),
};

interface Props {
  team: string;
  sprint: Sprint;
  dialog: SprintDialog | null;
  onClose: () => void;
}

/** The dialogs of a sprint's life, loaded when first asked for. */
export function SprintDialogs({ team, sprint, dialog, onClose }: Props) {
  const { refreshAll } = usePlanning(team);
  if (!dialog) return null;
  const View = views[dialog];
  return (
    <Suspense>
      <View team={team} sprint={sprint} onClose={onClose} onDone={refreshAll} />
    </Suspense>
  );
}
