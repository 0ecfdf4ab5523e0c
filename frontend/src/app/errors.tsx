import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { useTeam } from '../api/queries';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states';
import { useTitle } from './title';

/** What stands in place of a page that failed; the shell around it keeps working. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useTitle('Error');
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="page">
      <ErrorState page error={error} retry={retry} />
    </div>
  );
}

/** While a page's code or the session is on its way. */
export const Pending = () => (
  <div className="page">
    <SkeletonRows rows={10} label="Loading the page" />
  </div>
);

export const NotFound = () => (
  <main className="page">
    <Missing />
  </main>
);

function Missing() {
  useTitle('Not found');
  return (
    <>
      <h1 className="sr">Not found</h1>
      <EmptyState
        title="There is no such page"
        action={
          <Link to="/" className="btn">
            Go to the backlog
          </Link>
        }
      >
        The address may be mistyped, or what it named was removed.
      </EmptyState>
    </>
  );
}

/** A team that is not there and one that somebody may not see look the same; in one's own team a page is missing. */
export const NoSuchTeam = () => <div className="page">{useTeam() ? <Missing /> : <NoTeam />}</div>;

function NoTeam() {
  useTitle('No such team');
  return (
    <>
      <h1 className="sr">No such team</h1>
      <EmptyState
        title="There is no such team, or you are not a member of it"
        action={
          <Link to="/" className="btn">
            Go to your team
          </Link>
        }
      >
        Ask one of its Scrum masters for an invitation.
      </EmptyState>
    </>
  );
}
