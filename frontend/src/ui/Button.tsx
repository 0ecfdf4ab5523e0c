import type { ComponentProps, MouseEvent } from 'react';
import { cx } from './cx';

interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'plain' | 'ghost' | 'danger';
  small?: boolean;
  /** While its request is under way. */
  busy?: boolean;
  /** Why it cannot be used: it stays focusable, so that the reason can be found. */
  reason?: string | false | null | undefined;
}

export function Button({ variant = 'plain', small, busy, reason, className, onClick, type, ...rest }: ButtonProps) {
  const off = !!busy || !!reason;
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={cx('btn', variant !== 'plain' && variant, small && 'small', className)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      title={reason || rest.title}
      onClick={click}
    />
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'variant' | 'small'> {
  /** Its accessible name and its tooltip. */
  label: string;
}

export function IconButton({ label, reason, busy, className, onClick, type, ...rest }: IconButtonProps) {
  const off = !!busy || !!reason;
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={cx('icon-btn', className)}
      aria-label={label}
      aria-disabled={off || undefined}
      title={reason ? `${label}: ${reason}` : label}
      onClick={off ? undefined : onClick}
    />
  );
}
