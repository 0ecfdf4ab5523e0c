import { useQueryClient } from '@tanstack/react-query';
import { boardKey } from '../../api/board';
import { exceptionKeys } from '../../api/exceptions';
import { useLive } from '../../api/live';
import { patchKeys } from '../../api/patches';
import { useTeam } from '../../api/queries';
import { reviewKeys } from '../../api/reviews';
import type { MyTeam } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { standupKeys } from '../../api/standup';
import { taskKeys } from '../../api/tasks';
import { useTitle } from '../../app/title';
import { EmptyState } from '../../ui/states';
import { Approvals, Expiring } from './Exceptions';
import { Moved, MustPlan, MyTasks, MyWork } from './Patches';
import { Reviews, SecondLook } from './Reviews';
import { Blockers, Entry, Health, Missing } from './Sprint';
import './home.css';
import { useGathered } from '../../lib/useGathered';

const sections = {
  entry: Entry,
  work: MyWork,
  tasks: MyTasks,
  second: SecondLook,
  health: Health,
  blockers: Blockers,
  missing: Missing,
  moved: Moved,
  plan: MustPlan,
  expiring: Expiring,
  approvals: Approvals,
  reviews: Reviews,
};
type Name = keyof typeof sections;

/** What a role needs first stands first. */
const first: Partial<Record<MyTeam['role'], Name[]>> = {
  product_owner: ['moved', 'plan', 'expiring', 'reviews', 'entry'],
  scrum_master: ['health', 'blockers', 'missing', 'reviews', 'entry'],
  member: ['work', 'tasks', 'second', 'entry'],
  approver: ['approvals', 'expiring', 'entry'],
};

/** What somebody must be allowed for a section to concern them: one of these. */
const needs: Partial<Record<Name, MyTeam['permissions'][number][]>> = {
  entry: ['work'],
  work: ['work'],
  tasks: ['work'],
  second: ['work'],
  approvals: ['approve'],
  reviews: ['rank', 'plan'],
};

function namesFor(team: MyTeam): Name[] {
  return [...new Set([...(first[team.role] ?? []), ...(Object.keys(sections) as Name[])])].filter(
    (name) => needs[name]?.some((p) => team.permissions.includes(p)) ?? true,
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
  const gather = useGathered(1000);
  useLive(team, () => {
    gather(() => {
      const keys = [
        reviewKeys.all,
        standupKeys.all,
        patchKeys.lists,
        sprintKeys.all,
        exceptionKeys.all,
        boardKey,
        taskKeys.mine,
      ];
      for (const key of keys) void client.invalidateQueries({ queryKey: key(team) });
    });
  });
}
