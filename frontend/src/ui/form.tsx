import { type FormEvent, useState } from 'react';
import { type FieldValues, type Path, type UseFormReturn, useForm } from 'react-hook-form';
import { fieldErrors, type Problem, toProblem } from '../api/problem';

/**
 * A form over values that are read again while it is open: a field that nobody has touched follows them, what is typed
 * stays. The library wants dirtyFields to be read by whoever keeps what is dirty.
 */
export function useFollowingForm<T extends FieldValues>(values: T): UseFormReturn<T> {
  const form = useForm<T>({ values, resetOptions: { keepDirtyValues: true } });
  void form.formState.dirtyFields;
  return form;
}

interface Sending {
  onSubmit: (event: FormEvent) => void;
  /** What went wrong that belongs to no field. */
  problem: Problem | null;
  busy: boolean;
}

/** Sends a form: one request at a time, the server's field errors beside their fields, the rest above the button. */
export function useSend<T extends FieldValues>(form: UseFormReturn<T>, send: (values: T) => Promise<unknown>): Sending {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      if (!showFieldErrors(form, error)) setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // a form in a dialog over a form
    if (!busy) void submit(event);
  };
  return { onSubmit, problem, busy };
}

/** Puts the problem's errors at their fields; false when one of them has no field in this form. */
function showFieldErrors<T extends FieldValues>(form: UseFormReturn<T>, error: unknown): boolean {
  const names = Object.keys(form.getValues());
  const errors = Object.entries(fieldErrors(error));
  const known = errors.filter(([field]) => names.includes(field.split('.')[0] ?? ''));
  for (const [index, [field, message]] of known.entries()) {
    const name = (field.split('.')[0] ?? field) as Path<T>;
    form.setError(name, { type: 'server', message }, { shouldFocus: index === 0 });
  }
  return errors.length > 0 && known.length === errors.length;
}

/** The problem of a form, told at once to screen readers. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  const fields = problem.errors?.map((e) => e.detail).join(' ');
  return (
    <div className="form-problem" role="alert">
      {fields || problem.detail || problem.title}
      {problem.request_id && <small>Request {problem.request_id}</small>}
    </div>
  );
}
