import { useQueries, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { groupsQuery } from '../../../api/assets';
import { assetNameQuery } from '../../../api/finding';
import { membersQuery } from '../../../api/members';
import { Glyph } from '../../../ui/Glyph';
import { announce } from '../../../ui/LiveRegion';
import { inWords, type Names, plainName } from './words';
import './finding.css';

interface Props {
  team: string;
  conditions: [name: string, value: string][];
  onEdit: (name: string) => void;
  onRemove: (name: string) => void;
}

/** Each condition in words: the words change it, the cross takes it away. */
export function Chips({ team, conditions, onEdit, onRemove }: Props) {
  const names = useNames(team, conditions);
  const box = useRef<HTMLUListElement>(null);
  const remove = (name: string, text: string, index: number) => {
    onRemove(name);
    announce(`${text} no longer asked for`);
    // the focus goes to the neighbour, or it would be lost with the chip
    requestAnimationFrame(() => {
      const rest = box.current?.querySelectorAll<HTMLElement>('.condition-words');
      rest?.[Math.min(index, rest.length - 1)]?.focus();
    });
  };
  return (
    <ul ref={box} className="conditions" aria-label="Conditions">
      {conditions.map(([name, value], index) => {
        const text = inWords(name, value, names);
        return (
          <li key={name} className="condition">
            <button
              type="button"
              className="condition-words"
              title="Change this condition (Delete removes it)"
              onClick={() => onEdit(name)}
              onKeyDown={(e) => (e.key === 'Delete' || e.key === 'Backspace') && remove(name, text, index)}
            >
              {text}
            </button>
            <button
              type="button"
              className="condition-remove"
              aria-label={`Remove ${text}`}
              onClick={() => remove(name, text, index)}
            >
              <Glyph name="cross" size={10} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Names of the people and assets that the conditions have ids of. */
function useNames(team: string, conditions: Props['conditions']): Names {
  const ids = conditions.find(([n]) => n === 'asset')?.[1].split(',') ?? [];
  const people = useQuery({ ...membersQuery(team), enabled: conditions.some(([n]) => n === 'assignee') }).data?.items;
  const groups = useQuery({ ...groupsQuery(team), enabled: conditions.some(([n]) => n === 'group') }).data?.items;
  const assets = useQueries({ queries: ids.map((id) => assetNameQuery(team, id)) });
  return (list, value) =>
    plainName(list, value) ??
    (list === 'asset'
      ? assets.find((a) => a.data?.id === value)?.data?.name
      : list === 'group'
        ? groups?.find((g) => g.id === value)?.name
        : people?.find((m) => m.user.id === value)?.user.name) ??
    '…';
}
