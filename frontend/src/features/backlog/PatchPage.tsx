import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useLive } from '../../api/live';
import { patchKeys, patchQuery } from '../../api/patches';
import { useTeam } from '../../api/queries';
import { useTitle } from '../../app/title';
import { TeamLink } from '../../ui/links';
import { PatchDetails } from '../../ui/patch/PatchDetails';
import { EmptyState } from '../../ui/states';
import './backlog.css';

/** A patch as a page of its own: what a link in a mail or a chat leads to. */
export function PatchPage() {
  const { key = '' } = useParams({ strict: false });
  const team = useTeam();
  const client = useQueryClient();
  const { data } = useQuery({ ...patchQuery(team?.key ?? '', key), enabled: !!team });
  useTitle(data ? `${key} ${data.title}` : key);
  useLive(team?.key, (e) => {
    if (team && (e.key === key || e.kind === 'reset'))
      void client.invalidateQueries({ queryKey: patchKeys.detail(team.key, key) });
  });
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <p>
            <TeamLink to="backlog" className="link">
              Backlog
            </TeamLink>{' '}
            / {key}
          </p>
          <h1>{data?.title ?? key}</h1>
        </div>
      </header>
      <div className="sheet patch-sheet">
        <h2 className="sr">Details</h2>
        <PatchDetails key={key} team={team.key} patchKey={key} zone={team.time_zone} untitled />
      </div>
    </div>
  );
}
