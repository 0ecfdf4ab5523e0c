import { useTeam } from '../../api/queries';
import { useTitle } from '../../app/title';
import { EmptyState } from '../../ui/states';
import { Backlog } from './Backlog';
import '../../ui/patch/rows.css';
import './backlog.css';

/** The backlog beside the sprints that are planned from it. */
export function BacklogPage() {
  useTitle('Backlog');
  const team = useTeam();
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return <Backlog key={team.key} team={team} />;
}
