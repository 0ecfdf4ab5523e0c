import type { RefObject } from 'react';
import { usePermission, whoMay } from '../../api/queries';
import type { Board, MyTeam, Sprint } from '../../api/schema';
import type { useUrlState } from '../../app/url';
import { num } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { BurndownLink } from '../../ui/links';
import { spanText, sprintName } from '../../ui/sprint/totals';
import { BoardFilter } from './BoardFilter';
import { Viewers } from './Viewers';

interface Props {
  team: MyTeam;
  board: Board;
  sprint: Sprint;
  url: ReturnType<typeof useUrlState>[0];
  change: ReturnType<typeof useUrlState>[1];
  search: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}

/** Which sprint this is, how far it has come, who else looks at it, and what is shown of it. */
export function BoardHead({ team, board, sprint, url, change, search, onClose }: Props) {
  const mayPlan = usePermission('plan', team.key);
  const done = board.columns.filter((c) => c.status === 'verified').reduce((s, c) => s + c.points, 0);
  const total = board.columns.reduce((s, c) => s + c.points, 0);
  return (
    <header className="page-head">
      <div className="board-title">
        <h1>
          {sprintName(sprint)} <span className="muted">· {spanText(sprint)}</span>
        </h1>
        {sprint.goal && (
          <p className="clip" title={sprint.goal}>
            {sprint.goal}
          </p>
        )}
      </div>
      <div className="tools">
        <span className="badge soft">
          {num.format(done)} of {num.format(total)} points done
        </span>
        <Viewers team={team.key} />
        {board.active_sprints.length > 1 && (
          <Select
            aria-label="Sprint"
            options={board.active_sprints.map((n) => [String(n), `Sprint ${n}`] as const)}
            value={String(sprint.number)}
            onChange={(e) => change({ sprint: e.target.value })}
          />
        )}
        <BoardFilter team={team.key} board={board} url={url} change={change} search={search} />
        <BurndownLink n={sprint.number} className="btn" />
        <Button reason={!mayPlan && whoMay.plan} onClick={onClose}>
          Close sprint…
        </Button>
      </div>
    </header>
  );
}
