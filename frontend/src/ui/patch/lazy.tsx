import { type ComponentProps, lazy, Suspense } from 'react';

/** Parts that most visits to a page never open: loaded when they are. */
const Panel = lazy(() => import('./PatchPanel').then((m) => ({ default: m.PatchPanel })));
const Assign = lazy(() => import('./AssignDialog').then((m) => ({ default: m.AssignDialog })));

export const PatchPanel = (props: ComponentProps<typeof Panel>) => (
  <Suspense>
    <Panel {...props} />
  </Suspense>
);

export const AssignDialog = (props: ComponentProps<typeof Assign>) => (
  <Suspense>
    <Assign {...props} />
  </Suspense>
);
