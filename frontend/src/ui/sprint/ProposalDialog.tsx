import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import { patchQuery } from '../../api/patches';
import type { Proposal, ProposalItem, Sprint } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { num, plural } from '../../lib/format';
import { Button } from '../Button';
import { Actions, Dialog } from '../Dialog';
import { Field, NumberField } from '../Field';
import { LessonsLine } from '../patch/LessonsLine';
import { ErrorState, SkeletonRows } from '../states';
import { toastError } from '../toast';
import { usePlanning } from './actions';
import { applied, reasonText, type Wish, wishesOf } from './proposal';
import { sprintName } from './totals';
import './proposal.css';

interface Props {
  team: string;
  sprint: Sprint;
  onClose: () => void;
}

/** What the sprint should take, with the reason for each choice; choices by hand are kept. */
export function ProposalDialog({ team, sprint, onClose }: Props) {
  const [capacity, setCapacity] = useState<number | null>(null);
  const [assumed, setAssumed] = useState(0);
  const [wishes, setWishes] = useState<Record<string, Wish>>({});
  const body = { ...wishesOf(wishes), assumed_points: assumed, ...(capacity !== null && { capacity }) };
  const { data, error, isFetching } = useQuery({
    queryKey: [...sprintKeys.detail(team, sprint.number), 'proposal', body],
    queryFn: ({ signal }) =>
      call(
        api.POST('/teams/{team}/sprints/{n}/proposal', {
          params: { path: { team, n: sprint.number } },
          body,
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const wish = (item: ProposalItem) => setWishes((now) => ({ ...now, [item.key]: item.in ? 'leave_out' : 'keep' }));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Propose ${sprintName(sprint)}`}
      description="As many due dates as can be met, then the most risk that fits. Nothing changes until you take it over."
      wide
    >
      <div className="form-row">
        <Field label="Points it holds" hint="Empty takes the velocity less the reserve.">
          <NumberField
            min={0}
            step={0.5}
            placeholder={data ? num.format(data.capacity) : ''}
            value={capacity ?? ''}
            onChange={(e) => setCapacity(e.target.value === '' ? null : Number(e.target.value))}
          />
        </Field>
        <Field label="Without an estimate" hint="Points to assume; 0 leaves such items out." required>
          <NumberField min={0} step={0.5} value={assumed} onChange={(e) => setAssumed(Number(e.target.value) || 0)} />
        </Field>
      </div>
      {error && <ErrorState error={error} what="There is no proposal" />}
      {!data && !error && <SkeletonRows rows={6} label="Weighing the backlog" />}
      {data && !error && <Choices team={team} data={data} wish={wish} busy={isFetching} />}
      <Take team={team} sprint={sprint} data={error ? undefined : data} onClose={onClose} />
    </Dialog>
  );
}

interface ChoicesProps {
  team: string;
  data: Proposal;
  wish: (item: ProposalItem) => void;
  busy: boolean;
}

function Choices({ team, data, wish, busy }: ChoicesProps) {
  const [all, setAll] = useState(false);
  const chosen = data.items.filter((i) => i.in);
  const others = data.items.filter((i) => !i.in);
  const gain = Math.round(data.risk - data.greedy.risk);
  return (
    <>
      <p role="status" aria-busy={busy}>
        <b>
          {plural(chosen.length, 'item')}, {num.format(data.points)} of {num.format(data.capacity)} points, risk −
          {num.format(Math.round(data.risk))}
        </b>
        {`; ${data.due_met} of ${plural(data.due_all, 'due date')} met. `}
        {data.exact ? 'No better selection exists' : `At most ${num.format(Math.round(data.bound))} is possible`}
        {gain > 0 && `; taking the most risk a point first would remove ${num.format(gain)} less`}.
      </p>
      <ul className="proposal" aria-label="In the sprint">
        {chosen.map((i) => (
          <Choice key={i.key} team={team} item={i} wish={wish} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3>Left out</h3>
          <ul className="proposal" aria-label="Left out">
            {(all ? others : others.slice(0, 20)).map((i) => (
              <Choice key={i.key} team={team} item={i} wish={wish} />
            ))}
          </ul>
          {!all && others.length > 20 && (
            <Button small onClick={() => setAll(true)}>
              Show all {others.length}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function Choice({ team, item, wish }: { team: string; item: ProposalItem; wish: (item: ProposalItem) => void }) {
  return (
    <li>
      <label>
        <input type="checkbox" checked={item.in} onChange={() => wish(item)} />
        <span className="key">{item.key}</span>
        <span className="clip" title={item.title}>
          {item.title}
        </span>
      </label>
      <span className="muted">
        {item.points
          ? `${num.format(item.points)} ${item.points === 1 ? 'pt' : 'pts'}${item.assumed ? ' assumed' : ''} · `
          : ''}
        risk {Math.round(item.risk)} · {reasonText(item)}
      </span>
      {item.lessons > 0 && <LessonsLine team={team} patchKey={item.key} count={item.lessons} />}
    </li>
  );
}

/** Puts what is proposed into the sprint, and takes out what was unticked. */
function Take({ team, sprint, data, onClose }: Props & { data: Proposal | undefined }) {
  const client = useQueryClient();
  const planning = usePlanning(team);
  const [busy, setBusy] = useState(false);
  const change = data && applied(data.items);
  const take = async () => {
    if (!change) return;
    setBusy(true);
    try {
      const read = (keys: string[]) => Promise.all(keys.map((k) => client.fetchQuery(patchQuery(team, k))));
      const [adding, removing] = [await read(change.add), await read(change.remove)];
      if (removing.length > 0) await planning.remove(removing, sprint.number);
      if (adding.length > 0) await planning.add(adding, sprint.number);
      onClose();
    } catch (error) {
      toastError(error, 'The proposal was not taken over');
    } finally {
      setBusy(false);
    }
  };
  const nothing = change && change.add.length === 0 && change.remove.length === 0;
  return (
    <Actions>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        variant="primary"
        busy={busy || !data}
        reason={nothing && 'The sprint is as proposed already'}
        onClick={() => void take()}
      >
        Take it over
      </Button>
    </Actions>
  );
}
