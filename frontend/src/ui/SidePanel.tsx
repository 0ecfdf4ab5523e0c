import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './Button';

interface SidePanelProps {
  title: ReactNode;
  onClose: () => void;
  /** Beside the close button: links, a menu. */
  tools?: ReactNode;
  wide?: boolean;
  /** Leaves the focus where it is: a look at the thing that has it. */
  peek?: boolean | undefined;
  children: ReactNode;
}

/**
 * A panel at the right edge beside the page, which stays usable; full width on a phone.
 * It takes the focus when it opens and gives it back when it closes; Escape closes it.
 */
export function SidePanel({ title, onClose, tools, wide, peek, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    if (peek) return;
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [peek]);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[data-modal],[role=menu],[role=listbox]')) return; // those close first
      event.preventDefault();
      onClose();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, [onClose]);
  return (
    <aside className="side-panel" data-wide={wide || undefined} aria-labelledby={id} tabIndex={-1} ref={panel}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {tools}
        <IconButton label="Close panel" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="panel-body">{children}</div>
    </aside>
  );
}
