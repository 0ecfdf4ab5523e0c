import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { connectToaster } from './toast';

export interface ToastMessage {
  kind: 'done' | 'error';
  text: string;
  detail?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
}

const manager = Toast.createToastManager();
let latest: string | null = null;

function show(message: ToastMessage): void {
  // a second result replaces the first: nobody reads a tower of "moved" lines
  if (message.kind === 'done' && latest) manager.close(latest);
  const id = manager.add({
    title: message.text,
    description: message.detail,
    type: message.kind,
    timeout: message.kind === 'error' ? 12_000 : message.action ? 9_000 : 5_000,
    priority: 'low', // announce() already told it
    ...(message.action && {
      actionProps: {
        children: message.action.label,
        onClick: () => {
          manager.close(id);
          message.action?.run();
        },
      },
    }),
  });
  if (message.kind === 'done') latest = id;
}

export default function Toaster() {
  useEffect(() => connectToaster(show), []); // the provider listens only once it is mounted
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((t) => (
    <Toast.Root key={t.id} toast={t} className="toast" data-kind={t.type}>
      <Toast.Content className="toast-content">
        <div className="toast-text">
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-detail" />
        </div>
        <Toast.Action className="btn ghost small" />
        <Toast.Close className="icon-btn" aria-label="Dismiss">
          <X size={15} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
