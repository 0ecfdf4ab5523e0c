import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useForm } from 'react-hook-form';
import { afterEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../api/problem';
import { Button } from './Button';
import { Field, Input } from './Field';
import { FormProblem, useFollowingForm, useSend } from './form';

afterEach(cleanup);

function Sample({ send }: { send: (v: { name: string }) => Promise<unknown> }) {
  const form = useForm({ defaultValues: { name: '' } });
  const { onSubmit, problem, busy } = useSend(form, send);
  return (
    <form onSubmit={onSubmit}>
      <Field label="Name" error={form.formState.errors.name?.message}>
        <Input {...form.register('name')} />
      </Field>
      <FormProblem problem={problem} />
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  );
}

const refusal = (pointer: string) =>
  new ProblemError({
    type: 'about:blank',
    title: 'Invalid',
    status: 422,
    detail: 'A field is wrong.',
    request_id: 'r7',
    errors: [{ pointer, detail: 'This name is taken.' }],
  });

test('an error of a field stands beside it and is linked to it', async () => {
  render(<Sample send={() => Promise.reject(refusal('/name'))} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText(/Name/), 'x{Enter}');
  const error = await screen.findByText('This name is taken.');
  expect(screen.getByLabelText(/Name/).getAttribute('aria-describedby')).toContain(error.id);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('an error that belongs to no field stands above the button, with the request id', async () => {
  render(<Sample send={() => Promise.reject(refusal('/version'))} />);
  await userEvent.setup().click(screen.getByRole('button'));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('This name is taken.');
  expect(alert.textContent).toContain('r7');
});

test('while a form is sent it is not sent again', async () => {
  let finish = () => {};
  const send = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  render(<Sample send={send} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText(/Name/), 'x{Enter}{Enter}');
  await user.click(screen.getByRole('button'));
  expect(send).toHaveBeenCalledOnce();
  finish();
});

function Following(values: { name: string; goal: string }) {
  const form = useFollowingForm(values);
  return (
    <form>
      <Field label="Name" error={form.formState.errors.name?.message}>
        <Input {...form.register('name')} />
      </Field>
      <Field label="Goal">
        <Input {...form.register('goal')} />
      </Field>
    </form>
  );
}

test('values read again fill what nobody has touched, and leave what is typed', async () => {
  const { rerender } = render(<Following name="" goal="Old" />);
  const field = (name: RegExp) => screen.getByLabelText<HTMLInputElement>(name);
  const user = userEvent.setup();
  await user.type(field(/Name/), 'Mine');
  rerender(<Following name="Theirs" goal="New" />);
  await user.type(field(/Name/), ' too');
  rerender(<Following name="" goal="Newest" />);
  expect(field(/Name/).value).toBe('Mine too');
  expect(field(/Goal/).value).toBe('Newest');
});
