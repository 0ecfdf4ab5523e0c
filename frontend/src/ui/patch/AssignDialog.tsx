import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { membersQuery } from '../../api/members';
import { useMe } from '../../api/queries';
import type { Patch, Person as PersonData } from '../../api/schema';
import { Person } from '../atoms';
import { Dialog } from '../Dialog';
import { ErrorState, SkeletonRows } from '../states';
import './patch.css';

interface Props {
  team: string;
  patches: readonly Patch[];
  onClose: () => void;
  onAssign: (person: PersonData | null) => void;
}

/** Who does it: oneself first, then everybody by name. Letters narrow the list, arrows walk through it. */
export function AssignDialog({ team, patches, onClose, onAssign }: Props) {
  const { data, error, refetch } = useQuery(membersQuery(team));
  const me = useMe()?.user.id;
  const [text, setText] = useState('');
  const people = (data?.items ?? [])
    .filter((m) => !m.disabled && m.role !== 'viewer')
    .map((m) => m.user)
    .toSorted((a, b) => Number(b.id === me) - Number(a.id === me));
  const found = people.filter((p) => p.name.toLowerCase().includes(text.trim().toLowerCase()));
  const current = patches.length === 1 ? patches[0]?.assignee?.id : undefined;
  const choose = (person: PersonData | null) => {
    onClose();
    onAssign(person);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={patches.length === 1 ? `Assign ${patches[0]?.key}` : `Assign ${patches.length} patches`}
    >
      {error && <ErrorState error={error} what="The team could not be loaded" retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={4} />}
      {data && (
        // biome-ignore lint/a11y/noStaticElementInteractions: arrows of the field and of the buttons inside
        <div className="picker" onKeyDown={walk}>
          <input
            ref={focusOnce}
            className="control"
            aria-label="Find a person"
            placeholder="Find a person"
            value={text}
            onChange={(e) => setText(e.target.value)}
            onKeyDown={(e) => e.key === 'Enter' && found[0] && choose(found[0])}
          />
          <ul className="picker-list">
            {found.map((p) => (
              <li key={p.id}>
                <button type="button" className="picker-item" aria-pressed={p.id === current} onClick={() => choose(p)}>
                  <Person name={p.name} />
                  {p.id === me && <small>you</small>}
                </button>
              </li>
            ))}
            {!text && (
              <li>
                <button type="button" className="picker-item" onClick={() => choose(null)}>
                  <Person name={null} />
                </button>
              </li>
            )}
          </ul>
          {text && found.length === 0 && <p className="muted">Nobody of that name is in this team.</p>}
        </div>
      )}
    </Dialog>
  );
}

/** The people may come after the dialog has opened, and has looked for something to focus. */
const focusOnce = (field: HTMLElement | null) => field?.focus();

function walk(e: KeyboardEvent<HTMLElement>): void {
  const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
  if (!by) return;
  e.preventDefault();
  const stops = [...e.currentTarget.querySelectorAll<HTMLElement>('input, button')];
  stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(e.target as HTMLElement) + by))]?.focus();
}
