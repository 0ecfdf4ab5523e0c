import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { whoMay } from '../../api/queries';
import { createReviewLink, reviewKeys, reviewLinksQuery, revokeReviewLink } from '../../api/reviews';
import type { CreatedReviewLink } from '../../api/schema';
import { longDate, plural } from '../../lib/format';
import { makeIntent } from '../../lib/intent';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, NumberField } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { ShownOnce } from '../../ui/ShownOnce';
import { SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';
import type { Room } from './useReview';

/** Links by which stakeholders look at this review without an account. */
export function GuestsDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const [made, setMade] = useState<CreatedReviewLink | null>(null);
  if (made) return <Made made={made} zone={room.zone} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Guests"
      description="Who holds a link sees this review’s items, what was accepted and how far it has arrived, and may comment. Names, feedback, findings and the team’s comments stay here."
    >
      <Links room={room} />
      {room.mayJudge || room.mayLead ? (
        <NewLink room={room} onMade={setMade} />
      ) : (
        <p className="muted">Links are made by the Scrum master or the product owner.</p>
      )}
    </Dialog>
  );
}

function Links({ room }: { room: Room }) {
  const { team, n } = room;
  const { data, error } = useQuery(reviewLinksQuery(team, n));
  const client = useQueryClient();
  const mayRevoke = room.mayJudge || room.mayLead;
  const revoke = async (id: string) => {
    try {
      await revokeReviewLink(team, n, id);
      toast({ text: 'The link no longer works' });
    } catch (failure) {
      toastError(failure, 'The link was not revoked');
    }
    await client.invalidateQueries({ queryKey: reviewKeys.links(team, n) });
  };
  if (error && !data) return <p role="alert">The links could not be loaded.</p>;
  if (!data) return <SkeletonRows rows={2} label="Loading the links" />;
  if (data.items.length === 0) return <p className="muted">No link works now.</p>;
  return (
    <ul className="review-list" aria-label="Links that work">
      {data.items.map((l) => (
        <li key={l.id} className="review-link">
          <span>
            by {l.created_by}, {longDate(l.created_at, room.zone)}
            <small className="muted">
              works until {longDate(l.expires_at, room.zone)}
              {l.comments > 0 && ` · ${plural(l.comments, 'comment')}`}
            </small>
          </span>
          <Button small reason={!mayRevoke && whoMay.rank} onClick={() => void revoke(l.id)}>
            Revoke
          </Button>
        </li>
      ))}
    </ul>
  );
}

function NewLink({ room, onMade }: { room: Room; onMade: (made: CreatedReviewLink) => void }) {
  const client = useQueryClient();
  const [intent] = useState(makeIntent);
  const form = useForm({ defaultValues: { days: 7 } });
  const { onSubmit, problem, busy } = useSend(form, async ({ days }) => {
    onMade(await createReviewLink(room.team, room.n, days, intent(days)));
    await client.invalidateQueries({ queryKey: reviewKeys.links(room.team, room.n) });
  });
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Field label="Valid for days" required error={form.formState.errors.days?.message}>
        <NumberField
          min={1}
          max={30}
          {...form.register('days', {
            valueAsNumber: true,
            validate: (v) => (v >= 1 && v <= 30 && Number.isInteger(v)) || 'From 1 to 30 days.',
          })}
        />
      </Field>
      <FormProblem problem={problem} />
      <div className="review-buttons">
        <Button type="submit" variant="primary" busy={busy}>
          Make a link
        </Button>
      </div>
    </form>
  );
}

const Made = ({ made, zone, onClose }: { made: CreatedReviewLink; zone: string; onClose: () => void }) => (
  <ShownOnce
    title="The guests’ link"
    text={`Whoever holds this link sees the review until ${longDate(made.link.expires_at, zone)}. It is shown this once.`}
    label="Guest link"
    value={new URL(made.path, location.origin).href}
    onClose={onClose}
  />
);
