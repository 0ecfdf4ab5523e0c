import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { createLesson, lessonKeys, updateLesson } from '../../api/lessons';
import type { Lesson } from '../../api/schema';
import { makeIntent } from '../../lib/intent';
import { Dialog, FormActions } from '../Dialog';
import { Field, Input, Textarea } from '../Field';
import { FormProblem, useSend } from '../form';
import { toast } from '../toast';

interface Values {
  text: string;
  vendor: string;
  product: string;
}

interface Props {
  team: string;
  /** The one that is changed; without it a new one is kept. */
  lesson?: Lesson | undefined;
  /** What a new one begins with. */
  start?: Partial<Values> | undefined;
  /** Where a new one comes from. */
  from?: { key?: string; sprint?: number };
  onClose: () => void;
}

/** What was learned, and about which product: it shows on later patches of that. */
export function LessonDialog({ team, lesson, start, from, onClose }: Props) {
  const client = useQueryClient();
  const [intent] = useState(makeIntent);
  const old = lesson ?? { text: '', vendor: '', product: '', ...start };
  const form = useForm<Values>({ defaultValues: { text: old.text, vendor: old.vendor, product: old.product } });
  const { errors } = form.formState;
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    if (lesson) await updateLesson(team, lesson.id, { ...values, version: lesson.version });
    else {
      const body = { ...values, ...from };
      await createLesson(team, body, intent(body));
    }
    void client.invalidateQueries({ queryKey: lessonKeys.all(team) });
    toast({ text: 'The lesson is kept' });
    onClose();
  });
  return (
    <Dialog open onClose={onClose} title={lesson ? 'Change the lesson' : 'What did we learn?'}>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Lesson" required error={errors.text?.message}>
          <Textarea
            rows={4}
            maxLength={2000}
            {...form.register('text', { validate: (v) => !!v.trim() || 'Say what was learned.' })}
          />
        </Field>
        <Field
          label="Product"
          error={errors.product?.message}
          hint="Such as openssl: it shows on later patches of that. Without one it is found by search."
        >
          <Input maxLength={200} {...form.register('product')} />
        </Field>
        <Field label="Vendor" error={errors.vendor?.message} hint="Such as debian; empty for every vendor’s">
          <Input maxLength={120} {...form.register('vendor')} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Keep it
        </FormActions>
      </form>
    </Dialog>
  );
}
