import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { usePermission } from '../../api/queries';
import { createReviewComment, deleteReviewComment } from '../../api/reviews';
import { dateTime } from '../../lib/format';
import { makeIntent } from '../../lib/intent';
import { Button } from '../../ui/Button';
import { Field, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import type { Room } from './useReview';

/** What people say about the sprint as a whole, guests among them. */
export function CommentsPart({ room }: { room: Room }) {
  const { review, team, n, run } = room;
  const mayModerate = usePermission('manage', team);
  return (
    <section className="sheet review-part" aria-labelledby="review-comments">
      <h2 id="review-comments">
        Comments <span className="badge count">{review.comments.length}</span>
      </h2>
      {review.comments.length === 0 && <p className="muted">Nobody has said anything yet.</p>}
      <ul className="review-list">
        {review.comments.map((c) => (
          <li key={c.id} className="review-comment">
            <p className="muted">
              <b>{c.author}</b> {c.guest && <span className="badge count">Guest</span>}{' '}
              {dateTime(c.created_at, room.zone)}
              {room.open && (c.mine || mayModerate) && (
                <Button
                  small
                  variant="ghost"
                  onClick={() => void run(() => deleteReviewComment(team, n, c.id), 'The comment was not deleted')}
                >
                  Delete<span className="sr"> the comment of {c.author}</span>
                </Button>
              )}
            </p>
            <p className="review-text">{c.text}</p>
          </li>
        ))}
      </ul>
      {room.open && room.mayWork && <NewComment room={room} />}
    </section>
  );
}

function NewComment({ room }: { room: Room }) {
  const [intent] = useState(makeIntent);
  const form = useForm({ defaultValues: { text: '' } });
  const { onSubmit, problem, busy } = useSend(form, async ({ text }) => {
    await createReviewComment(room.team, room.n, text, intent(text));
    form.reset();
    await room.refresh();
  });
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Field
        label="Your comment"
        required
        error={form.formState.errors.text?.message}
        hint="The team reads it; guests see only their own."
      >
        <Textarea
          rows={3}
          maxLength={4000}
          {...form.register('text', { validate: (v) => !!v.trim() || 'Write something first.' })}
        />
      </Field>
      <FormProblem problem={problem} />
      <div className="review-buttons">
        <Button type="submit" busy={busy}>
          Add the comment
        </Button>
      </div>
    </form>
  );
}
