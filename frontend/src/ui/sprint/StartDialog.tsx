import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Check, Sprint, StartChecklist } from '../../api/schema';
import { startChecklistQuery, startSprint } from '../../api/sprints';
import { num, plural } from '../../lib/format';
import { Button } from '../Button';
import { Actions, Dialog } from '../Dialog';
import { Glyph } from '../Glyph';
import { ErrorState, SkeletonRows } from '../states';
import { toast, toastError } from '../toast';
import { Figures } from './Figures';
import { spanText, sprintName } from './totals';
import './sprint.css';

interface Props {
  team: string;
  sprint: Sprint;
  onClose: () => void;
  onDone: () => void;
}

/** What the start freezes and what speaks against it. A start cannot be undone, so it is asked for here. */
export function StartDialog({ team, sprint, onClose, onDone }: Props) {
  const { data, error, refetch } = useQuery(startChecklistQuery(team, sprint.number));
  const [busy, setBusy] = useState(false);
  const start = async () => {
    if (!data) return;
    setBusy(true);
    try {
      await startSprint(team, sprint.number, data.sprint.version);
      toast({ text: `${sprintName(sprint)} started with ${plural(data.commitment.points, 'point')}` });
      onDone();
      onClose();
    } catch (e) {
      toastError(e, `${sprintName(sprint)} was not started`);
      void refetch();
    } finally {
      setBusy(false);
    }
  };
  const blocked = data && !data.can_start ? 'Something on the list forbids it' : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Start ${sprintName(sprint)}`}
      description={`${spanText(sprint)}. The start freezes these numbers as the commitment; every later change is recorded.`}
    >
      {error && <ErrorState error={error} what="The checklist could not be loaded" retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={4} />}
      {data && <Checklist data={data} />}
      <Actions>
        <Button onClick={onClose}>Not yet</Button>
        <Button variant="primary" busy={busy || !data} reason={blocked} onClick={() => void start()}>
          Start sprint
        </Button>
      </Actions>
    </Dialog>
  );
}

function Checklist({ data: { commitment: c, checks } }: { data: StartChecklist }) {
  const figures: [string, string][] = [
    [num.format(c.items), c.items === 1 ? 'item' : 'items'],
    [num.format(c.points), 'points'],
    [num.format(c.unestimated), 'unestimated'],
    [num.format(Math.round(c.risk)), 'risk'],
    [num.format(c.due_before_end), 'due before the end'],
    [num.format(c.working_days), 'working days'],
  ];
  return (
    <>
      <Figures of={figures} />
      <ul className="checks">
        {checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ul>
    </>
  );
}

const level: Record<Check['level'], string> = { ok: 'In order', warning: 'Warning', blocking: 'Forbids the start' };

const CheckLine = ({ check }: { check: Check }) => (
  <li data-level={check.level}>
    <span className="check-mark" role="img" aria-label={level[check.level]}>
      {check.level === 'ok' ? (
        <Glyph name="check" size={14} />
      ) : check.level === 'blocking' ? (
        <Glyph name="cross" size={14} />
      ) : (
        '!'
      )}
    </span>
    <span>{check.text}</span>
  </li>
);
