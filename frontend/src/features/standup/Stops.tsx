import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { boardQuery } from '../../api/board';
import { keyOf } from '../../lib/patchKey';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { CardOptions } from '../../ui/patch/CardOptions';
import type { Stop } from './entry';

interface Props {
  team: string;
  stops: readonly Stop[];
  onChange: (stops: readonly Stop[]) => void;
}

/** Blockers that are reported with the entry. */
export function Stops({ team, stops, onChange }: Props) {
  const { data } = useQuery(boardQuery(team));
  const listId = useId();
  const cards = data?.columns.flatMap((c) => c.cards).filter((c) => c.status !== 'verified' && !c.blocked_since) ?? [];
  const set = (at: number, part: Partial<Stop>) => onChange(stops.map((s, i) => (i === at ? { ...s, ...part } : s)));
  return (
    <div className="standup-stops">
      {stops.map((s, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is nothing but its place
        <div className="standup-stop" key={i}>
          <Field label="Blocked patch" error={!s.key && s.needed.trim() ? 'Which patch is blocked?' : undefined}>
            <Input
              value={s.key}
              list={listId}
              maxLength={30}
              autoComplete="off"
              placeholder={`${team}-7`}
              onChange={(e) => set(i, { key: e.target.value })}
              onBlur={() => set(i, { key: keyOf(s.key, team) ?? s.key })}
            />
          </Field>
          <Field label="What is needed" error={s.key && !s.needed.trim() ? 'Say what would free it.' : undefined}>
            <Input value={s.needed} maxLength={1000} onChange={(e) => set(i, { needed: e.target.value })} />
          </Field>
          <Button aria-label={`Remove blocker ${i + 1}`} onClick={() => onChange(stops.filter((_, n) => n !== i))}>
            Remove
          </Button>
        </div>
      ))}
      {stops.length > 0 && <CardOptions id={listId} cards={cards} />}
      {stops.length < 10 && (
        <Button small onClick={() => onChange([...stops, { key: '', needed: '' }])}>
          Something stops me…
        </Button>
      )}
    </div>
  );
}
