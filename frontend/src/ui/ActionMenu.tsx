import { Menu } from '@base-ui/react/menu';
import { Fragment, type ReactNode } from 'react';
import type { MenuEntry } from './Menu';

interface ActionMenuProps {
  label: string;
  heading?: ReactNode;
  className: string;
  align: 'start' | 'end';
  entries: MenuEntry[];
  onClose: () => void;
  children: ReactNode;
}

/** The menu itself; loaded when a menu is first approached, see Menu.tsx. */
export default function ActionMenu({ label, heading, className, align, entries, onClose, children }: ActionMenuProps) {
  return (
    <Menu.Root defaultOpen modal={false} onOpenChange={(open) => !open && onClose()}>
      <Menu.Trigger className={className} aria-label={label}>
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align={align} sideOffset={4} className="menu-pos">
          {/* a menu that is longer than a small screen scrolls, by keyboard too */}
          <Menu.Popup tabIndex={0} className="menu">
            <Menu.Group>
              {heading && <Menu.GroupLabel className="menu-head">{heading}</Menu.GroupLabel>}
              {entries.map((entry) => (
                <Fragment key={entry.label}>
                  {entry.separate && <Menu.Separator className="menu-line" />}
                  <Item entry={entry} onClose={onClose} />
                </Fragment>
              ))}
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Item({ entry, onClose }: { entry: MenuEntry; onClose: () => void }) {
  const run = () => {
    onClose();
    entry.run();
  };
  const Icon = entry.icon;
  return (
    <Menu.Item
      className="menu-item"
      data-danger={entry.danger || undefined}
      data-current={entry.current || undefined}
      disabled={!!entry.disabled}
      title={typeof entry.disabled === 'string' ? entry.disabled : undefined}
      onClick={run}
    >
      {Icon && <Icon size={15} aria-hidden />}
      <span>{entry.label}</span>
      {entry.hint && <small>{entry.hint}</small>}
    </Menu.Item>
  );
}
