import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CloseChecklist, CloseChoice, Drop, Patch, Sprint } from '../../api/schema';
import { closeChecklistQuery, closeSprint } from '../../api/sprints';
import { plural } from '../../lib/format';
import { Risk } from '../atoms';
import { Button } from '../Button';
import { Actions, Dialog } from '../Dialog';
import { Select } from '../Field';
import { dropReasons } from '../patch/DropDialog';
import { ErrorState, SkeletonRows } from '../states';
import { toast, toastError } from '../toast';
import { closeBody, type Decision } from './closing';
import { takeBack } from './reopening';
import { sprintName } from './totals';
import '../patch/rows.css';
import './sprint.css';

interface Props {
  team: string;
  sprint: Sprint;
  onClose: () => void;
  onDone: () => void;
}

/** Asks what becomes of each unfinished item; nothing is decided silently. */
export function CloseDialog({ team, sprint, onClose, onDone }: Props) {
  const { data, error, refetch } = useQuery(closeChecklistQuery(team, sprint.number));
  const [decisions, setDecisions] = useState<Record<string, Decision>>({});
  const [goal, setGoal] = useState<'' | 'yes' | 'no'>('');
  const [busy, setBusy] = useState(false);
  const body = data && closeBody(data, decisions, goal);
  const close = async () => {
    if (!body) return;
    setBusy(true);
    try {
      const closed = await closeSprint(team, sprint.number, body);
      toast({
        text: `${sprintName(sprint)} closed with ${plural(data.completed, 'point')} completed`,
        undo: () => takeBack(team, closed, 'The close was undone.').finally(onDone),
      });
      onDone();
      onClose();
    } catch (e) {
      toastError(e, `${sprintName(sprint)} was not closed`);
      void refetch();
    } finally {
      setBusy(false);
    }
  };
  const open = data ? data.unfinished.filter((p) => !decisions[p.key]).length : 0;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Close ${sprintName(sprint)}`}
      description={
        data &&
        `${plural(data.completed, 'point')} completed. ${data.unfinished.length === 0 ? 'Nothing is unfinished.' : `${plural(data.unfinished.length, 'item')} unfinished.`} A close can be taken back for 24 hours; after that its figures stand.`
      }
    >
      {error && (
        <ErrorState error={error} what="The unfinished items could not be loaded" retry={() => void refetch()} />
      )}
      {!data && !error && <SkeletonRows rows={4} />}
      {data && data.unfinished.length > 0 && (
        <Unfinished data={data} decisions={decisions} onDecide={(d) => setDecisions({ ...decisions, ...d })} />
      )}
      {data && (
        <fieldset className="goal-met">
          <legend>Was the sprint goal met?</legend>
          {(['yes', 'no'] as const).map((v) => (
            <label key={v}>
              <input type="radio" name="goal" checked={goal === v} onChange={() => setGoal(v)} />{' '}
              {v === 'yes' ? 'Yes' : 'No'}
            </label>
          ))}
        </fieldset>
      )}
      <Actions>
        <Button onClick={onClose}>Not yet</Button>
        <Button
          variant="primary"
          busy={busy || !data}
          reason={open > 0 && `${plural(open, 'item')} without a decision`}
          onClick={() => void close()}
        >
          Close sprint
        </Button>
      </Actions>
    </Dialog>
  );
}

const choices = (next: number | null): [CloseChoice, string][] => [
  ['next_sprint', next === null ? 'Next sprint (a new one)' : `Sprint ${next}`],
  ['backlog_top', 'Top of the backlog'],
  ['backlog_rank', 'Backlog, by risk'],
  ['drop', 'Drop'],
];

function Unfinished({
  data,
  decisions,
  onDecide,
}: {
  data: CloseChecklist;
  decisions: Record<string, Decision>;
  onDecide: (d: Record<string, Decision>) => void;
}) {
  const all = (choice: CloseChoice) =>
    onDecide(Object.fromEntries(data.unfinished.map((p) => [p.key, decisionFor(choice)])));
  return (
    <div className="unfinished">
      <div className="unfinished-all">
        <span>For all:</span>
        {choices(data.next_sprint).map(([choice, label]) => (
          <Button key={choice} small onClick={() => all(choice)}>
            {label}
          </Button>
        ))}
      </div>
      <ul>
        {data.unfinished.map((p) => (
          <li key={p.key}>
            <Item patch={p} />
            <Choice
              patch={p}
              next={data.next_sprint}
              decision={decisions[p.key]}
              onDecide={(d) => onDecide({ [p.key]: d })}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

const decisionFor = (choice: CloseChoice): Decision =>
  choice === 'drop' ? { choice, drop_reason: 'risk_accepted' } : { choice };

const Item = ({ patch: p }: { patch: Patch }) => (
  <span className="unfinished-item">
    <b className="key">{p.key}</b>
    <Risk value={p.priority} band={p.band} pill />
    <span className="clip" title={p.title}>
      {p.title}
    </span>
    <small>{p.points === null ? 'unestimated' : plural(p.points, 'pt')}</small>
  </span>
);

function Choice({
  patch,
  next,
  decision,
  onDecide,
}: {
  patch: Patch;
  next: number | null;
  decision: Decision | undefined;
  onDecide: (d: Decision) => void;
}) {
  return (
    <span className="unfinished-choice">
      <Select
        aria-label={`What becomes of ${patch.key}`}
        options={[['', 'Decide…'], ...choices(next)]}
        value={decision?.choice ?? ''}
        onChange={(e) => e.target.value && onDecide(decisionFor(e.target.value as CloseChoice))}
      />
      {decision?.choice === 'drop' && (
        <Select
          aria-label={`Why ${patch.key} is dropped`}
          options={dropReasons}
          value={decision.drop_reason ?? 'risk_accepted'}
          onChange={(e) => onDecide({ choice: 'drop', drop_reason: e.target.value as Drop['reason'] })}
        />
      )}
    </span>
  );
}
