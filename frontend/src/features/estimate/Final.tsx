import { type FormEvent, useState } from 'react';
import { usePauseLive } from '../../api/live';
import type { EstimationItem, EstimationRound } from '../../api/schema';
import { parsePoints } from '../../lib/points';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import type { TableActions } from './useTable';

interface Props {
  item: EstimationItem;
  round: EstimationRound;
  actions: TableActions;
}

/** The value that a person sets after a round: of its scale, or any other. */
export function Final({ item, round, actions }: Props) {
  const [text, setText] = useState('');
  const typed = parsePoints(text);
  const median = round.statistics?.median ?? null;
  const set = (points: number) => actions.settle({ key: item.key, round: round.round }, points, item.version);
  usePauseLive(text !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof typed !== 'number') return;
    set(typed);
    setText('');
  };
  return (
    <fieldset className="estimate-set">
      <legend>{round.final ? 'Set another estimate' : 'Set the estimate'}</legend>
      <div className="estimate-steps">
        {round.scale.map((v) => (
          <Button
            key={v.label}
            small
            variant={v.points === median ? 'primary' : 'plain'}
            busy={actions.busy}
            aria-label={`Set ${v.label}${v.label === String(v.points) ? '' : ` (${v.points} points)`}`}
            onClick={() => set(v.points)}
          >
            {v.label}
          </Button>
        ))}
      </div>
      <form className="estimate-other" onSubmit={submit}>
        <Field label="Another value" error={typed === undefined ? 'Halves from 0 to 1000' : undefined}>
          <Input inputMode="decimal" autoComplete="off" value={text} onChange={(e) => setText(e.target.value)} />
        </Field>
        <Button type="submit" reason={typeof typed !== 'number' && 'Type a number of points'}>
          Set
        </Button>
      </form>
    </fieldset>
  );
}
