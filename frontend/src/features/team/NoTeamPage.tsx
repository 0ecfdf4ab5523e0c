import { Link } from '@tanstack/react-router';
import { useTitle } from '../../app/title';
import { EmptyState } from '../../ui/states';

/** Somebody without a team has nothing to work on yet. */
export function NoTeamPage() {
  useTitle('No team');
  return (
    <div className="page">
      <h1 className="sr">No team</h1>
      <EmptyState
        title="You belong to no team yet"
        action={
          <Link to="/account" className="btn">
            Your account
          </Link>
        }
      >
        Ask a Scrum master for an invitation link, or an administrator to add you to a team.
      </EmptyState>
    </div>
  );
}
