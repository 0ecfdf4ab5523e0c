import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { assetNameQuery, assetNamesQuery } from '../../../api/finding';
import { Checkbox, Field, Input } from '../../../ui/Field';

interface Props {
  team: string;
  /** Ids, separated by commas. */
  value: string;
  onChange: (value: string) => void;
}

/** Assets found by name; what is chosen stays listed. */
export function AssetPicker({ team, value, onChange }: Props) {
  const [text, setText] = useState('');
  const ids = value.split(',').filter(Boolean);
  const chosen = useQueries({ queries: ids.map((id) => assetNameQuery(team, id)) });
  const search = useQuery({
    ...assetNamesQuery(team, text.trim()),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  });
  const found = text.trim() ? (search.data?.items ?? []).filter((a) => !ids.includes(a.id)) : [];
  const list = [...ids.map((id, i) => ({ id, name: chosen[i]?.data?.name ?? '…' })), ...found];
  return (
    <>
      <Field label="On assets" hint="Type a part of a name" required>
        <Input value={text} autoComplete="off" onChange={(e) => setText(e.target.value)} />
      </Field>
      {list.length > 0 && (
        <fieldset className="filter-choices">
          <legend className="sr">Assets found</legend>
          {list.map((a) => (
            <Checkbox
              key={a.id}
              label={a.name}
              checked={ids.includes(a.id)}
              onChange={() => onChange((ids.includes(a.id) ? ids.filter((i) => i !== a.id) : [...ids, a.id]).join(','))}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}
