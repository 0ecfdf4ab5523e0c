import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import { cx } from './cx';
import type { DialogProps } from './Dialog';

const firstControl = ':is(input, select, textarea):not([type=checkbox], .sr, :disabled), .actions .btn';

/** The dialog itself; loaded when one is first opened, see Dialog.tsx. */
export default function DialogPopup({ onClose, title, description, wide, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // the first field or button of the content: the close button comes first in the document, but nobody starts there
  const first = () => popup.current?.querySelector<HTMLElement>(firstControl) ?? true;
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
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
