import './review.css';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTeam } from '../../api/queries';
import type { MyTeam } from '../../api/schema';
import { useTitle } from '../../app/title';
import { Button } from '../../ui/Button';
import { SprintReportLink, TeamLink } from '../../ui/links';
import { spanText, sprintName } from '../../ui/sprint/totals';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { CommentsPart } from './CommentsPart';
import { GuestsDialog } from './GuestsDialog';
import { ItemList } from './ItemList';
import { SummaryPart } from './SummaryPart';
import { type Room, useReview } from './useReview';
import { headline, states } from './words';

/** What a sprint came to: evidence, acceptance, comments, and the links of guests. */
export function ReviewPage() {
  const team = useTeam();
  const n = Number(useParams({ strict: false }).n);
  useTitle(`Review of sprint ${Number.isInteger(n) ? n : ''}`);
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  if (!Number.isInteger(n) || n < 1)
    return <EmptyState title="A sprint has a number" action={<TeamLink to="sprints">All sprints</TeamLink>} />;
  return <OfSprint key={`${team.key} ${n}`} team={team} n={n} />;
}

function OfSprint({ team, n }: { team: MyTeam; n: number }) {
  const { room, error, refetch } = useReview(team.key, n, team.time_zone);
  if (error && !room)
    return (
      <ErrorState
        page
        error={error}
        what={`The review of sprint ${n} could not be loaded`}
        retry={() => void refetch()}
      />
    );
  if (!room) return <SkeletonRows rows={10} label={`Loading the review of sprint ${n}`} />;
  return (
    <div className="page long review">
      <Head room={room} />
      <SummaryPart room={room} />
      {states.map((s) => (
        <ItemList key={s} room={room} state={s} />
      ))}
      {room.review.items.length === 0 && <EmptyState title="Nothing was in this sprint" />}
      {room.review.truncated && <p className="review-more muted">The sprint has more items than are shown here.</p>}
      <CommentsPart room={room} />
    </div>
  );
}

function Head({ room }: { room: Room }) {
  const [guests, setGuests] = useState(false);
  const { review } = room;
  const sprint = { ...review, number: review.sprint, name: review.sprint_name };
  return (
    <header className="page-head">
      <div className="headline">
        <h1>
          Review of {sprintName(sprint)} <span className="badge count">{room.open ? 'Open' : 'Closed'}</span>
        </h1>
        <p>
          {spanText(review)} · {headline(review)}
        </p>
        {review.goal && <p>Goal: {review.goal}</p>}
      </div>
      <div className="tools">
        <SprintReportLink n={room.n} />
        <Button onClick={() => setGuests(true)}>Guests…</Button>
      </div>
      {guests && <GuestsDialog room={room} onClose={() => setGuests(false)} />}
    </header>
  );
}
