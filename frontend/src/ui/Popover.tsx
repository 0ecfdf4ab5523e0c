import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';

interface PopoverProps {
  /** One button element. */
  trigger: ReactElement;
  title?: string;
  /** Opens on hover too, for explanations. */
  hover?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

/** More about a thing, beside it; keyboard, touch and (if asked) hover open it. */
export const Popover = ({ trigger, title, hover, open, onOpenChange, children }: PopoverProps) => (
  <Base.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
    <Base.Trigger render={trigger} openOnHover={hover} delay={250} />
    <Base.Portal>
      <Base.Positioner sideOffset={6} className="menu-pos">
        <Base.Popup className="popover">
          {title && <Base.Title className="popover-title">{title}</Base.Title>}
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);
