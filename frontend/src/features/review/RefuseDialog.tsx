import { useForm } from 'react-hook-form';
import { judgeItem } from '../../api/reviews';
import type { ReviewItem } from '../../api/schema';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import type { Room } from './useReview';

/** What is missing, so that somebody can see to it. */
export function RefuseDialog({ room, item, onClose }: { room: Room; item: ReviewItem; onClose: () => void }) {
  const old = item.verdict;
  const form = useForm({ defaultValues: { feedback: old?.accepted ? '' : (old?.feedback ?? '') } });
  const { onSubmit, problem, busy } = useSend(form, async ({ feedback }) => {
    await judgeItem(room.team, room.n, item.key, { accepted: false, feedback, version: old?.version ?? 0 });
    await room.refresh();
    onClose();
  });
  return (
    <Dialog open onClose={onClose} title={`${item.key} is not accepted`} description={item.title}>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="What is missing?" required error={form.formState.errors.feedback?.message}>
          <Textarea
            rows={4}
            maxLength={2000}
            {...form.register('feedback', { validate: (v) => !!v.trim() || 'Say what is missing.' })}
          />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Not accepted
        </FormActions>
      </form>
    </Dialog>
  );
}
