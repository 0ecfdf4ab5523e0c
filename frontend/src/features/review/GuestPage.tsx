import './review.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { createGuestComment, guestReviewQuery } from '../../api/reviews';
import type { GuestReview, GuestReviewItem } from '../../api/schema';
import { useTitle } from '../../app/title';
import { dateTime, longDate } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Field, Input, Textarea } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Markdown } from '../../ui/Markdown';
import { spanText, sprintName } from '../../ui/sprint/totals';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { hostsText, states, stateTitle } from './words';

/** One review for who holds its link, without an account and without anything behind it. */
export function GuestPage() {
  useTitle('Sprint review');
  const { secret = '' } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(guestReviewQuery(secret));
  return (
    <main className="guest" id="main">
      {data && !error ? (
        <Shown review={data} secret={secret} />
      ) : (
        <>
          <h1 className="sr">Sprint review</h1>
          {error ? (
            <ErrorState error={error} what="This review cannot be opened" retry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={8} label="Loading the review" />
          )}
        </>
      )}
    </main>
  );
}

function Shown({ review, secret }: { review: GuestReview; secret: string }) {
  const sprint = { ...review, number: review.sprint, name: review.sprint_name };
  return (
    <div className="review">
      <header className="page-head">
        <div className="headline">
          <h1>Review of {sprintName(sprint)}</h1>
          <p>
            {review.team_name} · {spanText(review)}
          </p>
          {review.goal && <p>Goal: {review.goal}</p>}
          <p className="muted">You look at it as a guest until {longDate(review.expires_at)}.</p>
        </div>
      </header>
      {review.summary && (
        <section className="sheet review-part" aria-labelledby="guest-summary">
          <h2 id="guest-summary">Summary</h2>
          <Markdown text={review.summary} />
        </section>
      )}
      {states.map((state) => {
        const items = review.items.filter((i) => i.state === state);
        return (
          items.length > 0 && (
            <section key={state} className="sheet review-part" aria-labelledby={`guest-${state}`}>
              <h2 id={`guest-${state}`}>
                {stateTitle[state]} <span className="badge count">{items.length}</span>
              </h2>
              <ul className="review-list">
                {items.map((i) => (
                  <li key={i.key}>
                    <b>{i.key}</b> {i.title} <span className="muted">{itemText(i)}</span>
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
      <Comments review={review} secret={secret} />
    </div>
  );
}

function itemText(i: GuestReviewItem): string {
  const judged = i.accepted === null ? '' : i.accepted ? 'accepted' : 'not accepted';
  return [judged, hostsText(i), i.confirmed && 'confirmed by a scan'].filter(Boolean).join(' · ');
}

function Comments({ review, secret }: { review: GuestReview; secret: string }) {
  return (
    <section className="sheet review-part" aria-labelledby="guest-comments">
      <h2 id="guest-comments">Comments</h2>
      <ul className="review-list">
        {review.comments.map((c) => (
          <li key={c.id} className="review-comment">
            <p className="muted">
              <b>{c.author}</b> {dateTime(c.created_at)}
            </p>
            <p className="review-text">{c.text}</p>
          </li>
        ))}
      </ul>
      {review.closed ? (
        <p className="muted">The review is closed; it takes no more comments.</p>
      ) : (
        <NewComment secret={secret} />
      )}
    </section>
  );
}

function NewComment({ secret }: { secret: string }) {
  const client = useQueryClient();
  const form = useForm({ defaultValues: { name: '', text: '' } });
  const { errors } = form.formState;
  const { onSubmit, problem, busy } = useSend(form, async (body) => {
    client.setQueryData(guestReviewQuery(secret).queryKey, await createGuestComment(secret, body));
    form.reset({ name: body.name, text: '' });
  });
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Field label="Your name" required error={errors.name?.message}>
        <Input
          maxLength={80}
          autoComplete="name"
          {...form.register('name', { validate: (v) => !!v.trim() || 'Say who you are.' })}
        />
      </Field>
      <Field
        label="Your comment"
        required
        error={errors.text?.message}
        hint="The team reads it, and whoever has this same link."
      >
        <Textarea
          rows={4}
          maxLength={2000}
          {...form.register('text', { validate: (v) => !!v.trim() || 'Write something first.' })}
        />
      </Field>
      <FormProblem problem={problem} />
      <div className="review-buttons">
        <Button type="submit" variant="primary" busy={busy}>
          Send the comment
        </Button>
      </div>
    </form>
  );
}
