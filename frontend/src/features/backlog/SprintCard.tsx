import { useQuery } from '@tanstack/react-query';
import { Ban, CirclePlay, Flag, Pencil, Users, WandSparkles } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { usePermission, whoMay } from '../../api/queries';
import type { MyTeam, Patch, Sprint } from '../../api/schema';
import { sprintItemsQuery } from '../../api/sprints';
import { num, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { SprintLink } from '../../ui/links';
import { RowMenu } from '../../ui/Menu';
import { draggedText, isDragged, pointsOf } from '../../ui/patch/dragging';
import { withDrag } from '../../ui/patch/withDrag';
import { Capacity } from '../../ui/sprint/Capacity';
import { type SprintDialog, SprintDialogs } from '../../ui/sprint/SprintDialogs';
import { spanText, sprintName, stateLabel, totalsText } from '../../ui/sprint/totals';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { SprintItemRow } from './SprintItemRow';

interface Props {
  team: MyTeam;
  sprint: Sprint;
  onOpen: (key: string) => void;
}

/** One sprint: goal, dates, totals, capacity and its items; takes patches that are dropped on it. */
export function SprintCard({ team, sprint, onOpen }: Props) {
  const [dialog, setDialog] = useState<SprintDialog | null>(null);
  const mayPlan = usePermission('plan', team.key);
  const mayFill = useMayFill(team.key, sprint);
  const ref = useRef<HTMLElement>(null);
  const incoming = useSprintDropTarget(ref, sprint, mayFill);
  const t = sprint.totals;
  return (
    <article ref={ref} className="sprint-card" data-over={incoming ? '' : undefined} aria-label={sprintName(sprint)}>
      <header>
        <h3>
          <SprintLink n={sprint.number}>{sprintName(sprint)}</SprintLink>
        </h3>
        <span className="badge count" data-state={sprint.state}>
          {stateLabel[sprint.state]}
        </span>
        <span className="muted span">{spanText(sprint)}</span>
        <LifeButton sprint={sprint} mayPlan={mayPlan} onDialog={setDialog} />
        <RowMenu label={`Actions for ${sprintName(sprint)}`} entries={() => entries(sprint, mayPlan, setDialog)} />
      </header>
      {sprint.goal ? (
        <p className="goal">
          <Flag size={13} aria-hidden /> {sprint.goal}
        </p>
      ) : (
        mayPlan && (
          <Button small variant="ghost" onClick={() => setDialog('edit')}>
            Set a goal
          </Button>
        )
      )}
      <p className="totals">{totalsText(t)}</p>
      <Capacity points={t.points} velocity={sprint.velocity} extra={incoming ? pointsOf(incoming) : 0} />
      {incoming && (
        <p className="incoming" role="status">
          Drop to add {draggedText(incoming)}: {plural(t.items + incoming.length, 'item')},{' '}
          {num.format(t.points + pointsOf(incoming))} pts
        </p>
      )}
      <Items team={team} sprint={sprint} mayFill={mayFill} onOpen={onOpen} />
      <SprintDialogs team={team.key} sprint={sprint} dialog={dialog} onClose={() => setDialog(null)} />
    </article>
  );
}

/** Before the start everybody who works plans; after it a change of scope is for Scrum masters and product owners. */
export function useMayFill(team: string, sprint: Pick<Sprint, 'state'>): boolean {
  const work = usePermission('work', team);
  const plan = usePermission('plan', team);
  const rank = usePermission('rank', team);
  return sprint.state === 'planned' ? work || plan || rank : plan || rank;
}

function LifeButton({
  sprint,
  mayPlan,
  onDialog,
}: {
  sprint: Sprint;
  mayPlan: boolean;
  onDialog: (d: SprintDialog) => void;
}) {
  const planned = sprint.state === 'planned';
  return (
    <Button
      small
      variant={planned ? 'primary' : 'plain'}
      reason={!mayPlan && whoMay.plan}
      onClick={() => onDialog(planned ? 'start' : 'close')}
    >
      {planned ? 'Start…' : 'Close…'}
    </Button>
  );
}

function entries(sprint: Sprint, mayPlan: boolean, open: (d: SprintDialog) => void) {
  const disabled = !mayPlan && whoMay.plan;
  return [
    { label: 'Capacity…', icon: Users, run: () => open('capacity') },
    ...(sprint.state === 'planned'
      ? [{ label: 'Propose what to take…', icon: WandSparkles, run: () => open('propose') }]
      : []),
    { label: 'Edit goal and dates…', icon: Pencil, disabled, run: () => open('edit') },
    sprint.state === 'planned'
      ? { label: 'Start…', icon: CirclePlay, disabled, run: () => open('start') }
      : { label: 'Close…', icon: Flag, disabled, run: () => open('close') },
    { label: 'Cancel sprint…', icon: Ban, disabled, danger: true, separate: true, run: () => open('cancel') },
  ];
}

function useSprintDropTarget(
  ref: { readonly current: HTMLElement | null },
  sprint: Sprint,
  mayFill: boolean,
): Patch[] | null {
  const [incoming, setIncoming] = useState<Patch[] | null>(null);
  const n = sprint.number;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const added = (patches: Patch[]) => patches.filter((p) => p.sprint !== n);
    return withDrag((kit) =>
      kit.dropTargetForElements({
        element,
        canDrop: ({ source }) =>
          mayFill && isDragged(source.data) && source.data.from !== n && added(source.data.patches).length > 0,
        getData: () => ({ type: 'sprint', n }),
        onDragEnter: ({ source }) => isDragged(source.data) && setIncoming(added(source.data.patches)),
        onDragLeave: () => setIncoming(null),
        onDrop: () => setIncoming(null),
      }),
    );
  }, [ref, n, mayFill]);
  return incoming;
}

const shownAtFirst = 100;

function Items({ team, sprint, mayFill, onOpen }: Props & { mayFill: boolean }) {
  const { data, error, refetch } = useQuery(sprintItemsQuery(team.key, sprint.number));
  const [all, setAll] = useState(false);
  if (error && !data)
    return <ErrorState error={error} what="The items could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} label="Loading items" />;
  if (data.items.length === 0)
    return <p className="drop-hint">Nothing in it yet. Drag patches here, or select them and press Shift C.</p>;
  const shown = all ? data.items : data.items.slice(0, shownAtFirst);
  return (
    <>
      <ul className="sprint-items" aria-label={`Items of ${sprintName(sprint)}`}>
        {shown.map((item) => (
          <SprintItemRow key={item.key} item={item} team={team} sprint={sprint} mayFill={mayFill} onOpen={onOpen} />
        ))}
      </ul>
      {shown.length < data.items.length && (
        <Button small onClick={() => setAll(true)}>
          Show all {num.format(data.items.length)}
        </Button>
      )}
      {data.truncated && <p className="muted">Only the first 1,000 items are shown; the totals count all.</p>}
    </>
  );
}
