import { ArrowLeftToLine, PanelRightOpen, UserPlus } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { usePermission, whoMay } from '../../api/queries';
import type { MyTeam, Sprint, SprintItem } from '../../api/schema';
import { DueChip, Kev, Person, Points, Risk } from '../../ui/atoms';
import { RowMenu } from '../../ui/Menu';
import { usePatchActions } from '../../ui/patch/actions';
import { type Dragged, isDragged, previewOf } from '../../ui/patch/dragging';
import { AssignDialog } from '../../ui/patch/lazy';
import { PointsInput } from '../../ui/patch/PointsInput';
import { withDrag } from '../../ui/patch/withDrag';
import { patchOf, usePlanning } from '../../ui/sprint/actions';
import { sprintName } from '../../ui/sprint/totals';

const InTimeCell = lazy(() => import('../../ui/patch/InTimeCell'));

interface Props {
  item: SprintItem;
  team: MyTeam;
  sprint: Sprint;
  mayFill: boolean;
  onOpen: (key: string) => void;
}

/** An item of a sprint; its points are typed in place, and it is dragged back to the backlog or to another sprint. */
export function SprintItemRow({ item, team, sprint, mayFill, onOpen }: Props) {
  const ref = useRef<HTMLLIElement>(null);
  const [dialog, setDialog] = useState<'points' | 'assign' | null>(null);
  const [dragging, setDragging] = useState(false);
  const mayWork = usePermission('work', team.key);
  const actions = usePatchActions(team.key);
  const planning = usePlanning(team.key);
  const done = item.status === 'verified';
  useEffect(() => {
    const element = ref.current;
    if (!element || !mayFill) return;
    return withDrag((kit) =>
      kit.draggable({
        element,
        getInitialData: (): Dragged => ({ type: 'patches', patches: [patchOf(item)], from: sprint.number }),
        onGenerateDragPreview: ({ nativeSetDragImage, source }) =>
          isDragged(source.data) && previewOf(kit, source.data.patches, { nativeSetDragImage }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
    );
  }, [item, mayFill, sprint.number]);
  const entries = () => [
    { label: 'Open', icon: PanelRightOpen, run: () => onOpen(item.key) },
    { label: 'Assign…', icon: UserPlus, disabled: !mayWork && whoMay.work, run: () => setDialog('assign') },
    {
      label: `Take out of ${sprintName(sprint)}`,
      icon: ArrowLeftToLine,
      disabled: !mayFill && 'Only Scrum masters and product owners change a running sprint',
      separate: true,
      run: () => void planning.remove([patchOf(item)], sprint.number),
    },
  ];
  return (
    <li ref={ref} className="sprint-item" data-dragging={dragging || undefined} data-done={done || undefined}>
      <button type="button" className="key-button key" onClick={() => onOpen(item.key)}>
        {item.key}
      </button>
      <Risk value={item.priority} band={item.band} pill />
      <span className="clip item-title" title={item.title}>
        {item.title}
      </span>
      {item.kev && <Kev />}
      {item.unplanned && <span className="badge soft">{item.membership === 'emergency' ? 'Emergency' : 'Added'}</span>}
      {!done && item.due_at !== null && new Date(item.due_at) > new Date() && (
        <Suspense>
          <InTimeCell patchKey={item.key} warning />
        </Suspense>
      )}
      <DueChip at={item.due_at} zone={team.time_zone} done={done} policy={item.due_policy} />
      {dialog === 'points' ? (
        <PointsInput
          value={item.points}
          label={`Points of ${item.key}`}
          onSave={(p) => void actions.estimate([patchOf(item)], p)}
          onDone={() => setDialog(null)}
        />
      ) : (
        <button
          type="button"
          className="points-button"
          aria-disabled={!mayWork || undefined}
          title={mayWork ? 'Estimate' : whoMay.work}
          aria-label={`Estimate ${item.key}: ${item.points ?? 'not estimated'}`}
          onClick={() => mayWork && setDialog('points')}
        >
          <Points value={item.points} />
        </button>
      )}
      <Person name={item.assignee?.name} bare />
      <RowMenu label={`Actions for ${item.key}`} heading={item.key} entries={entries} />
      {dialog === 'assign' && (
        <AssignDialog
          team={team.key}
          patches={[item]}
          onClose={() => setDialog(null)}
          onAssign={(p) => void actions.assign([patchOf(item)], p)}
        />
      )}
    </li>
  );
}
