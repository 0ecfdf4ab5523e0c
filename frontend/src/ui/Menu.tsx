import type { LucideIcon } from 'lucide-react';
import { lazy, memo, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Glyph } from './Glyph';

export interface MenuEntry {
  label: string;
  icon?: LucideIcon;
  /** true, or the reason why it is not possible now. */
  disabled?: boolean | string | undefined;
  /** Keys or a value at the end of the line. */
  hint?: string;
  danger?: boolean;
  /** The choice that is in force. */
  current?: boolean;
  /** A line above. */
  separate?: boolean;
  run: () => void;
}

const load = () => import('./ActionMenu');
const ActionMenu = lazy(load);

interface MenuButtonProps {
  /** Accessible name of the button. */
  label: string;
  heading?: ReactNode;
  className?: string;
  align?: 'start' | 'end';
  tabbable?: boolean;
  /** Made when the menu opens, so that rows need not prepare them. */
  entries: () => MenuEntry[];
  children: ReactNode;
}

/** A plain button until first used: 10,000 rows must not mount 10,000 menus. */
export function MenuButton(props: MenuButtonProps) {
  const { label, heading, className = 'btn', align = 'end', tabbable = true, entries, children } = props;
  const [open, setOpen] = useState(false);
  const self = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // the menu's own trigger is gone with it: give the focus back unless the entry moved it elsewhere
    if (wasOpen.current && !open && document.activeElement === document.body) self.current?.focus();
    wasOpen.current = open;
  }, [open]);
  const button = (
    <button
      ref={self}
      type="button"
      className={className}
      tabIndex={tabbable ? 0 : -1}
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={label}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setOpen(true)}
    >
      {children}
    </button>
  );
  if (!open) return button;
  return (
    <Suspense fallback={button}>
      <ActionMenu
        label={label}
        heading={heading}
        className={className}
        align={align}
        entries={entries()}
        onClose={() => setOpen(false)}
      >
        {children}
      </ActionMenu>
    </Suspense>
  );
}

interface RowMenuProps {
  label: string;
  heading?: string;
  tabbable?: boolean;
  entries: () => MenuEntry[];
}

/** The three dots at the end of a row or on a card. */
export const RowMenu = memo(function RowMenu({ label, heading, tabbable = true, entries }: RowMenuProps) {
  return (
    <MenuButton label={label} heading={heading} tabbable={tabbable} className="kebab" entries={entries}>
      <Glyph name="dots" />
    </MenuButton>
  );
});
