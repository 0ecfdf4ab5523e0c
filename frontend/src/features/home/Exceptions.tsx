import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { exceptionListQuery } from '../../api/exceptions';
import type { Exception, MyTeam } from '../../api/schema';
import { kindLabel } from '../../lib/exceptions';
import { longDate } from '../../lib/format';
import { PatchLink } from '../../ui/links';
import { fewQuery, shown } from './queries';
import { Section } from './Section';

const Rows = ({ items, zone }: { items: readonly Exception[]; zone: string }) => (
  <ul className="home-rows">
    {items.slice(0, shown).map((e) => (
      <li key={e.id}>
        <PatchLink patchKey={e.key} /> <span className="clip">{e.title}</span>
        <span className="home-end muted">
          {kindLabel[e.kind]}
          {e.expires_at && `, until ${longDate(e.expires_at, zone)}`}
        </span>
      </li>
    ))}
  </ul>
);

const ToList = ({ team, view }: { team: MyTeam; view: string }) => (
  <Link className="link" to="/t/$team/exceptions" params={{ team: team.key }} search={{ view }}>
    Exceptions
  </Link>
);

/** Exceptions that end within days, or want another look. */
export function Expiring({ team }: { team: MyTeam }) {
  const query = useInfiniteQuery(exceptionListQuery(team.key, 'expiring', undefined));
  const page = query.data?.pages[0];
  return (
    <Section
      id="expiring"
      title="Exceptions about to expire"
      count={page && page.counts.expiring + page.counts.review}
      query={query}
      nothing="None expires within 14 days."
      link={<ToList team={team} view="expiring" />}
    >
      {!!page?.items.length && <Rows items={page.items} zone={team.time_zone} />}
    </Section>
  );
}

/** What waits for an approver: exceptions that others ask for, and patches at the gate. */
export function Approvals({ team }: { team: MyTeam }) {
  const query = useInfiniteQuery(exceptionListQuery(team.key, 'waiting', undefined));
  const gate = useQuery(fewQuery(team.key, { status: ['awaiting_approval'] }));
  const page = query.data?.pages[0];
  const patches = gate.data?.items ?? [];
  const count = (page?.counts.waiting ?? 0) + (gate.data?.count ?? 0);
  return (
    <Section
      id="approvals"
      title="Waiting for me"
      count={count}
      query={query}
      nothing="Nothing waits for an approval."
      link={!!page?.counts.waiting && <ToList team={team} view="waiting" />}
    >
      {count > 0 && (
        <>
          {!!page?.items.length && <Rows items={page.items} zone={team.time_zone} />}
          <ul className="home-rows">
            {patches.map((p) => (
              <li key={p.key}>
                <PatchLink patchKey={p.key} /> <span className="clip">{p.title}</span>
                <span className="home-end muted">awaits approval</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
