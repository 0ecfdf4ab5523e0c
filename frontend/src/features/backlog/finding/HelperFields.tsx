import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../../api/members';
import { Field, Select } from '../../../ui/Field';
import { ErrorState, SkeletonRows } from '../../../ui/states';

/** Who is to work on the patches from now on, or no longer; who is not in here stays as they are. */
export type Helpers = Readonly<Record<string, 'add' | 'remove'>>;

export const helpersOf = (helpers: Helpers, what: 'add' | 'remove') =>
  Object.keys(helpers).filter((id) => helpers[id] === what);

interface Props {
  team: string;
  value: Helpers;
  onChange: (helpers: Helpers) => void;
}

/** A choice for each person of the team. The assignees stay responsible. */
export function HelperFields({ team, value, onChange }: Props) {
  const { data, error, refetch } = useQuery(membersQuery(team));
  if (error) return <ErrorState error={error} what="The team could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} />;
  const people = data.items.filter((m) => !m.disabled && m.role !== 'viewer').map((m) => m.user);
  const choose = (id: string, what: string) => {
    const { [id]: _, ...others } = value;
    onChange(what === 'add' || what === 'remove' ? { ...others, [id]: what } : others);
  };
  return people.map((p) => (
    <Field key={p.id} label={p.name}>
      <Select
        options={[
          ['', 'As they are'],
          ['add', 'Works on them too'],
          ['remove', 'No longer works on them'],
        ]}
        value={value[p.id] ?? ''}
        onChange={(e) => choose(p.id, e.target.value)}
      />
    </Field>
  ));
}
