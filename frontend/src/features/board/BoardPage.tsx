import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { boardKey, boardQuery } from '../../api/board';
import { useTeam } from '../../api/queries';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { TeamLink } from '../../ui/links';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { BoardView } from './BoardView';
import '../../ui/patch/rows.css';
import './board.css';

/** The active sprint on its board. */
export function BoardPage() {
  useTitle('Sprint board');
  const team = useTeam();
  const [url] = useUrlState();
  const sprint = /^[1-9]\d{0,8}$/.test(url.sprint ?? '') ? Number(url.sprint) : undefined;
  const { data, error, refetch } = useQuery({ ...boardQuery(team?.key ?? '', sprint), enabled: !!team });
  const shownAs = useMemo(() => boardKey(team?.key ?? '', sprint), [team?.key, sprint]);
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  if (error && !data)
    return <ErrorState page error={error} what="The board could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={12} label="Loading the board" />;
  if (!data.sprint) {
    return (
      <div className="page">
        <header className="page-head">
          <h1>Sprint board</h1>
        </header>
        <EmptyState
          title="No sprint is active"
          action={
            <TeamLink to="backlog" className="btn primary">
              Plan a sprint
            </TeamLink>
          }
        >
          The board shows the sprint that is being worked in. Plan one from the backlog, then start it.
        </EmptyState>
      </div>
    );
  }
  return <BoardView key={`${team.key} ${sprint}`} team={team} board={data} sprint={data.sprint} shownAs={shownAs} />;
}
