import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { Button } from './Button';
import { cx } from './cx';
import { toastError } from './toast';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

const firstControl = ':is(input, select, textarea):not([type=checkbox], .sr, :disabled), .actions .btn';

/** A modal dialog; Escape and a press outside close it, focus returns to where it was. */
export function Dialog({ open, onClose, title, description, wide, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // the first field or button of the content: the close button comes first in the document, but nobody starts there
  const first = () => popup.current?.querySelector<HTMLElement>(firstControl) ?? true;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="overlay" />
        <Base.Popup ref={popup} initialFocus={first} className={cx('dialog', wide && 'wide')} data-modal>
          <header className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close className="icon-btn" aria-label="Close">
              <X size={16} />
            </Base.Close>
          </header>
          {description && <Base.Description className="dialog-text">{description}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The buttons at the end of a dialog or panel. */
export const Actions = ({ children }: { children: ReactNode }) => <div className="actions">{children}</div>;

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** What the button does, as a verb: "End session". */
  action: string;
  danger?: boolean;
  run: () => Promise<unknown> | unknown;
}

/** Only for what cannot be undone; everything else happens at once and offers Undo. */
export function ConfirmDialog({ open, onClose, title, text, action, danger = true, run }: ConfirmProps) {
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
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
          {action}
        </Button>
      </Actions>
    </Dialog>
  );
}
