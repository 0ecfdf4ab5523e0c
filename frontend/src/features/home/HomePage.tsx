import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { boardKey } from '../../api/board';
import { exceptionKeys } from '../../api/exceptions';
import { useLive } from '../../api/live';
import { patchKeys } from '../../api/patches';
import { useTeam } from '../../api/queries';
import type { MyTeam } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { standupKeys } from '../../api/standup';
import { taskKeys } from '../../api/tasks';
import { useTitle } from '../../app/title';
import { EmptyState } from '../../ui/states';
import { Approvals, Expiring } from './Exceptions';
import { Moved, MustPlan, MyTasks, MyWork } from './Patches';
import { Blockers, Entry, Health, Missing } from './Sprint';
import './home.css';

const sections = {
  entry: Entry,
  work: MyWork,
  tasks: MyTasks,
  health: Health,
  blockers: Blockers,
  missing: Missing,
  moved: Moved,
  plan: MustPlan,
  expiring: Expiring,
  approvals: Approvals,
};
type Name = keyof typeof sections;

/** What a role needs first stands first. */
const first: Partial<Record<MyTeam['role'], Name[]>> = {
  product_owner: ['moved', 'plan', 'expiring', 'entry'],
  scrum_master: ['health', 'blockers', 'missing', 'entry'],
  approver: ['approvals', 'expiring', 'entry'],
};

/** Whoever only looks on writes no entry and has no work. */
function namesFor(team: MyTeam): Name[] {
  const may = (p: MyTeam['permissions'][number]) => team.permissions.includes(p);
  return [...new Set([...(first[team.role] ?? []), ...(Object.keys(sections) as Name[])])].filter((name) =>
    name === 'entry' || name === 'work' || name === 'tasks' ? may('work') : name !== 'approvals' || may('approve'),
  );
}

/** What each role needs first, each with the way to its full list. */
export function HomePage() {
  useTitle('Home');
  const team = useTeam();
  if (!team) return <EmptyState title="This team does not exist, or you are not in it" />;
  return <OfTeam key={team.key} team={team} />;
}

function OfTeam({ team }: { team: MyTeam }) {
  useHomeLive(team.key);
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Home</h1>
          <p>{team.name}: what waits for you</p>
        </div>
      </header>
      <div className="home">
        {namesFor(team).map((name) => {
          const Part = sections[name];
          return <Part key={name} team={team} />;
        })}
      </div>
    </div>
  );
}

/** Changes of others, gathered. */
function useHomeLive(team: string): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(team, () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const keys = [standupKeys.all, patchKeys.lists, sprintKeys.all, exceptionKeys.all, boardKey, taskKeys.mine];
      for (const key of keys) void client.invalidateQueries({ queryKey: key(team) });
    }, 1000);
  });
}
