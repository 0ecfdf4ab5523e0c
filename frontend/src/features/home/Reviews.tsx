import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMe } from '../../api/queries';
import { reviewListQuery } from '../../api/reviews';
import type { MyTeam, ReviewOverview } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { StatusBadge } from '../../ui/atoms';
import { PatchLink, ReviewLink } from '../../ui/links';
import { otherEyesQuery, shown } from './queries';
import { Section } from './Section';

/** What others have tested or deployed: whoever verifies a patch is not who put it in. */
export function SecondLook({ team }: { team: MyTeam }) {
  const me = useMe()?.user.id;
  const query = useQuery(otherEyesQuery(team.key));
  const items = query.data?.items.filter((p) => p.assignee?.id !== me) ?? [];
  return (
    <Section
      id="second"
      title="My reviews"
      count={items.length}
      query={query}
      nothing="Nothing of others waits for a second look."
      link={
        <Link className="link" to="/t/$team/board" params={{ team: team.key }}>
          Sprint board
        </Link>
      }
    >
      {items.length > 0 && (
        <ul className="home-rows">
          {items.slice(0, shown).map((p) => (
            <li key={p.key}>
              <PatchLink patchKey={p.key} /> <span className="clip">{p.title}</span>
              <span className="home-end">
                <span className="muted">{p.assignee?.name ?? 'Nobody'}</span>
                <StatusBadge status={p.status} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The running sprints' reviews, and the last closed one's until it is closed itself. */
function open(all: readonly ReviewOverview[]): ReviewOverview[] {
  const last = all.find((r) => r.sprint_state === 'closed');
  return all.filter((r) => r.closed_at === null && (r.sprint_state === 'active' || r === last));
}

/** What the product owner has to accept, and which review the Scrum master has to close. */
export function Reviews({ team }: { team: MyTeam }) {
  const query = useQuery(reviewListQuery(team.key));
  const items = open(query.data?.items ?? []);
  const waiting = items.reduce((sum, r) => sum + r.waiting, 0);
  return (
    <Section id="reviews" title="Waiting for acceptance" count={waiting} query={query} nothing="No review is open.">
      {items.length > 0 && (
        <ul className="home-rows">
          {items.map((r) => (
            <li key={r.sprint}>
              <span className="clip">{r.sprint_name || `Sprint ${r.sprint}`}</span>
              <span className="home-end">
                <span className="muted">{overviewText(r)}</span>
                <ReviewLink n={r.sprint} className="link" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function overviewText(r: ReviewOverview): string {
  const parts = [`${num.format(r.waiting)} of ${plural(r.done, 'done item')} wait`];
  if (r.not_accepted > 0) parts.push(`${r.not_accepted} not accepted`);
  if (r.guest_comments > 0) parts.push(plural(r.guest_comments, 'guest comment'));
  return parts.join(' · ');
}
