import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { usePermission, whoMay } from '../../api/queries';
import type { MyTeam } from '../../api/schema';
import { openSprintsQuery } from '../../api/sprints';
import { Button } from '../../ui/Button';
import { usePlanning } from '../../ui/sprint/actions';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { SprintCard } from './SprintCard';

const SprintForm = lazy(() => import('../../ui/sprint/SprintForm').then((m) => ({ default: m.SprintForm })));

/** The planned and active sprints, beside the backlog they are filled from. */
export function Planning({ team, onOpen }: { team: MyTeam; onOpen: (key: string) => void }) {
  const { data, error, refetch } = useQuery(openSprintsQuery(team.key));
  const mayPlan = usePermission('plan', team.key);
  const { refreshAll } = usePlanning(team.key);
  const [creating, setCreating] = useState(false);
  const create = (
    <Button small reason={!mayPlan && whoMay.plan} onClick={() => setCreating(true)}>
      <Plus size={14} aria-hidden />
      Plan a sprint
    </Button>
  );
  return (
    <section className="planning" aria-labelledby="planning-title">
      <header className="pane-head">
        <h2 id="planning-title">Sprints</h2>
        {data && data.length > 0 && create}
      </header>
      <div className="planning-cards">
        {error && !data && (
          <ErrorState error={error} what="The sprints could not be loaded" retry={() => void refetch()} />
        )}
        {!data && !error && <SkeletonRows rows={6} label="Loading sprints" />}
        {data?.length === 0 && (
          <EmptyState title="No sprint is planned" action={create}>
            A sprint collects the patches the team does next. Plan one, then drag patches into it.
          </EmptyState>
        )}
        {data?.map((sprint) => (
          <SprintCard key={sprint.number} team={team} sprint={sprint} onOpen={onOpen} />
        ))}
      </div>
      {creating && (
        <Suspense>
          <SprintForm team={team.key} onClose={() => setCreating(false)} onDone={refreshAll} />
        </Suspense>
      )}
    </section>
  );
}
