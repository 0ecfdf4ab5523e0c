import { type ComponentProps, createContext, type ReactNode, use, useId } from 'react';
import { cx } from './cx';

interface FieldIds {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}
const FieldContext = createContext<FieldIds | null>(null);

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  className?: string;
  children: ReactNode;
}

/** A label, one control from this file, a hint and the error; they find each other by themselves. */
export function Field({ label, hint: given, error, required = false, className, children }: FieldProps) {
  const id = useId();
  const hint = given === error ? undefined : given; // said once is enough
  const describedBy = cx(error && `${id}-error`, hint ? `${id}-hint` : false) || undefined;
  return (
    <div className={cx('field', className)}>
      <label htmlFor={id}>
        {label}
        {!required && <span className="optional"> optional</span>}
      </label>
      <FieldContext value={{ id, describedBy, invalid: !!error, required }}>{children}</FieldContext>
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** The id and the ARIA links a control inside a Field needs. */
export function useControl() {
  const field = use(FieldContext);
  return field
    ? {
        id: field.id,
        'aria-describedby': field.describedBy,
        'aria-invalid': field.invalid || undefined,
        'aria-required': field.required || undefined,
      }
    : {};
}

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input {...useControl()} {...props} className={cx('control', className)} />;
}

export function Textarea({ className, rows = 4, ...props }: ComponentProps<'textarea'>) {
  return <textarea {...useControl()} rows={rows} {...props} className={cx('control', className)} />;
}

interface SelectProps extends ComponentProps<'select'> {
  options: readonly (readonly [value: string, label: string])[];
}

/** The browser's own select: it is the most usable one on a phone and with a screen reader. */
export function Select({ className, options, ...props }: SelectProps) {
  return (
    <select {...useControl()} {...props} className={cx('control select', className)}>
      {options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** A number typed in place. `step` 0.5 for points; arrows change it by one step. */
export function NumberField({ className, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  return <input {...useControl()} inputMode="decimal" {...props} type="number" className={cx('control', className)} />;
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

export function Checkbox({ label, hint, className, ...props }: CheckboxProps) {
  return <Tick {...props} label={label} hint={hint} className={cx('check', className)} />;
}

/** Takes effect at once, where a checkbox waits for its form. */
export function Switch({ label, hint, className, ...props }: CheckboxProps) {
  return <Tick {...props} role="switch" label={label} hint={hint} className={cx('check switch', className)} />;
}

function Tick({ label, hint, className, ...props }: CheckboxProps) {
  const id = useId();
  return (
    <div className={className}>
      <input {...props} type="checkbox" id={id} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
