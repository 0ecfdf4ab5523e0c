import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { membersQuery } from '../../api/members';
import type { UrlState } from '../../app/url';
import { Select } from '../../ui/Field';
import { SearchInput } from '../../ui/SearchInput';

interface Props {
  team: string;
  url: UrlState;
  change: (patch: UrlState) => void;
  search: RefObject<HTMLInputElement | null>;
}

/** Which cards are shown: by text and by who does them. */
export function BoardFilter({ team, url, change, search }: Props) {
  const { data } = useQuery(membersQuery(team));
  const people = (data?.items ?? []).map((m) => [m.user.id, m.user.name] as const);
  return (
    <search className="board-filter" aria-label="Filter cards">
      <SearchInput ref={search} label="Filter cards" value={url.q ?? ''} onSearch={(q) => change({ q })} />
      <Select
        aria-label="Assignee"
        options={[['', 'Anybody'], ['me', 'Me'], ['none', 'Nobody'], ...people]}
        value={url.assignee ?? ''}
        onChange={(e) => change({ assignee: e.target.value })}
      />
    </search>
  );
}
