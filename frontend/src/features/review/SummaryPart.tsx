import { useState } from 'react';
import { updateReview } from '../../api/reviews';
import { longDate } from '../../lib/format';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Field, Textarea } from '../../ui/Field';
import { FormProblem, useFollowingForm, useSend } from '../../ui/form';
import { Markdown } from '../../ui/Markdown';
import { toast } from '../../ui/toast';
import type { Room } from './useReview';

/** What the Scrum master writes, and closes the review with. */
export function SummaryPart({ room }: { room: Room }) {
  const { review, open, mayLead } = room;
  return (
    <section className="sheet review-part" aria-labelledby="review-summary">
      <h2 id="review-summary">
        Summary{' '}
        {review.closed_at && (
          <span className="muted">
            closed on {longDate(review.closed_at, room.zone)} by {review.closed_by}
          </span>
        )}
      </h2>
      {open && mayLead ? (
        <Editor room={room} />
      ) : review.summary ? (
        <Markdown text={review.summary} />
      ) : (
        <p className="muted">The Scrum master writes it, and closes the review with it.</p>
      )}
    </section>
  );
}

function Editor({ room }: { room: Room }) {
  const { review, team, n } = room;
  const [closing, setClosing] = useState(false);
  const form = useFollowingForm({ summary: review.summary });
  const { errors } = form.formState;
  const { onSubmit, problem, busy } = useSend(form, async ({ summary }) => {
    const now = await updateReview(team, n, { summary, version: review.version });
    form.reset({ summary: now.summary });
    await room.refresh();
    toast({ text: 'The summary is saved' });
  });
  const close = async () => {
    await updateReview(team, n, { summary: form.getValues('summary'), close: true, version: review.version });
    await room.refresh();
  };
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Field
        label="What the sprint came to"
        required
        error={errors.summary?.message}
        hint="Markdown. Guests read it once the review is closed."
      >
        <Textarea rows={5} maxLength={20000} {...form.register('summary')} />
      </Field>
      <FormProblem problem={problem} />
      <div className="review-buttons">
        <Button type="submit" busy={busy}>
          Save the summary
        </Button>
        <Button
          variant="primary"
          reason={!form.watch('summary').trim() && 'Write the summary first'}
          onClick={() => setClosing(true)}
        >
          Close the review…
        </Button>
      </div>
      <ConfirmDialog
        open={closing}
        onClose={() => setClosing(false)}
        title="Close the review?"
        text={`It stays as it is now, for good.${review.waiting > 0 ? ` ${review.waiting} done ${review.waiting === 1 ? 'item is' : 'items are'} not judged yet.` : ''}`}
        action="Close it"
        danger={false}
        run={close}
      />
    </form>
  );
}
