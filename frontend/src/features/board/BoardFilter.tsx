import { useQuery } from '@tanstack/react-query';
import { SlidersHorizontal } from 'lucide-react';
import type { RefObject } from 'react';
import { membersQuery } from '../../api/members';
import type { Board } from '../../api/schema';
import type { UrlState } from '../../app/url';
import { bandLabel } from '../../lib/domain';
import { Button } from '../../ui/Button';
import { Checkbox, Field, Select } from '../../ui/Field';
import { Popover } from '../../ui/Popover';
import { SearchInput } from '../../ui/SearchInput';
import { filterOf, moreCount, noFilter } from './filter';
import { laneBy } from './lanes';

interface Props {
  team: string;
  board: Board;
  url: UrlState;
  change: (patch: UrlState) => void;
  search: RefObject<HTMLInputElement | null>;
}

/** Which cards are shown, and by what the board is cut into lanes; all of it is in the address. */
export function BoardFilter({ team, board, url, change, search }: Props) {
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
      <More board={board} url={url} change={change} />
      <Select
        aria-label="Swimlanes"
        options={[
          ['none', 'No lanes'],
          ['assignee', 'Lanes: assignee'],
          ['group', 'Lanes: asset group'],
          ['band', 'Lanes: risk band'],
        ]}
        value={laneBy(url.lanes)}
        onChange={(e) => change({ lanes: e.target.value === 'none' ? undefined : e.target.value })}
      />
    </search>
  );
}

function More({ board, url, change }: Pick<Props, 'board' | 'url' | 'change'>) {
  const filter = filterOf(url);
  const count = moreCount(filter);
  const used = new Set(board.columns.flatMap((c) => c.cards.flatMap((x) => x.labels)));
  if (filter.label) used.add(filter.label);
  const labels = [...used].toSorted((a, b) => a.localeCompare(b)).map((l) => [l, l] as const);
  const bands = Object.entries(bandLabel);
  return (
    <Popover
      title="More filters"
      trigger={
        <Button aria-label={count > 0 ? `More filters, ${count} in force` : 'More filters'}>
          <SlidersHorizontal size={15} aria-hidden />
          {count > 0 && <span className="badge count">{count}</span>}
        </Button>
      }
    >
      <div className="form board-more">
        <Field label="Label" required>
          <Select
            options={[['', labels.length > 0 ? 'Any' : 'No card has one'], ...labels]}
            value={filter.label ?? ''}
            onChange={(e) => change({ label: e.target.value })}
          />
        </Field>
        <Field label="Risk band" required>
          <Select
            options={[['', 'Any'], ...bands]}
            value={filter.band ?? ''}
            onChange={(e) => change({ band: e.target.value })}
          />
        </Field>
        <Checkbox
          label="Blocked"
          checked={filter.blocked}
          onChange={(e) => change({ blocked: e.target.checked ? '1' : undefined })}
        />
        <Checkbox
          label="Due before the sprint's end"
          checked={filter.due}
          onChange={(e) => change({ due: e.target.checked ? '1' : undefined })}
        />
        <Button small onClick={() => change(noFilter)}>
          Show all cards
        </Button>
      </div>
    </Popover>
  );
}
