import type { Patch, Sprint } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { pointsOf } from '../../ui/patch/dragging';
import { sprintName } from '../../ui/sprint/totals';

interface Props {
  patches: Patch[];
  sprint: Sprint | undefined;
  reasons: { sprint: string | false; work: string | false };
  onSprint: () => void;
  onAssign: () => void;
  onEstimate: () => void;
  onChange: () => void;
  /** Selects what the filter finds beyond the loaded rows. */
  more: (() => void) | undefined;
  total: string;
  onClear: () => void;
}

/** What to do with the selected patches. */
export function SelectionBar({
  patches,
  sprint,
  reasons,
  onSprint,
  onAssign,
  onEstimate,
  onChange,
  more,
  total,
  onClear,
}: Props) {
  const unestimated = patches.filter((p) => p.points === null).length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: these buttons belong together but are no form
    <div className="selection-bar" role="group" aria-label="Selected patches">
      <b>{plural(patches.length, 'patch', 'patches')}</b>
      <span>
        {num.format(pointsOf(patches))} pts{unestimated > 0 && `, ${unestimated} unestimated`}
      </span>
      <Button small variant="primary" reason={reasons.sprint} title="Shift C" onClick={onSprint}>
        {sprint ? `Into ${sprintName(sprint)}` : 'Into a sprint'}
      </Button>
      <Button small reason={reasons.work} title="A" onClick={onAssign}>
        Assign…
      </Button>
      <Button small reason={reasons.work} title="E" onClick={onEstimate}>
        Estimate…
      </Button>
      <Button small reason={reasons.work} title="M" onClick={onChange}>
        Change…
      </Button>
      {more && (
        <Button small variant="ghost" onClick={more}>
          Select all {total} that match
        </Button>
      )}
      <Button small variant="ghost" title="Escape" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
