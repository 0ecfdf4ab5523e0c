import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button } from './Button';
import { toastError } from './toast';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

const DialogPopup = lazy(() => import('./DialogPopup'));

/** A modal dialog; Escape and a press outside close it, focus returns to where it was. */
export const Dialog = (props: DialogProps) =>
  props.open && (
    <Suspense>
      <DialogPopup {...props} />
    </Suspense>
  );

/** The buttons at the end of a dialog or panel. */
export const Actions = ({ children }: { children: ReactNode }) => <div className="actions">{children}</div>;

interface FormActionsProps {
  onCancel: () => void;
  /** While what was sent is under way. */
  busy?: boolean;
  /** Why it cannot be sent yet. */
  reason?: string | false | null | undefined;
  danger?: boolean;
  /** What sending does, as a verb. */
  children: ReactNode;
}

/** The end of a form in a dialog or panel: leave it, or send it. */
export const FormActions = ({ onCancel, busy, reason, danger, children }: FormActionsProps) => (
  <Actions>
    <Button onClick={onCancel}>Cancel</Button>
    <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={!!busy} reason={reason}>
      {children}
    </Button>
  </Actions>
);

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** What is asked beside. */
  children?: ReactNode;
  /** What the button does, as a verb: "End session". */
  action: string;
  danger?: boolean;
  run: () => Promise<unknown> | unknown;
}

/** Only for what cannot be undone; everything else happens at once and offers Undo. */
export function ConfirmDialog({ open, onClose, title, text, children, action, danger = true, run }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open={open} onClose={onClose} title={title} description={text}>
      {children}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
          {action}
        </Button>
      </Actions>
    </Dialog>
  );
}
