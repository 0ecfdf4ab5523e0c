import './team.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Pencil, ShieldCheck, ShieldOff, UserCheck, UserPlus, UserX } from 'lucide-react';
import { useCallback, useState } from 'react';
import { api, call } from '../../api/client';
import { useMe } from '../../api/queries';
import type { User, UserPatch } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { countText, longDate } from '../../lib/format';
import { Person } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { LoadMore } from '../../ui/LoadMore';
import { type MenuEntry, RowMenu } from '../../ui/Menu';
import { SearchInput } from '../../ui/SearchInput';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';
import { teamKeys, usersQuery } from './queries';
import { type Editing, UserDialog } from './UserDialog';

/** Everybody on this server, for administrators. */
export function UsersPage() {
  useTitle('People');
  const me = useMe();
  if (me && !me.user.admin) {
    return (
      <div className="page">
        <h1 className="sr">People</h1>
        <EmptyState title="Only administrators see everybody on this server">
          The people of your team are under Members.
        </EmptyState>
      </div>
    );
  }
  return <People />;
}

function People() {
  const [url, setUrl] = useUrlState();
  const q = url.q ?? '';
  const [editing, setEditing] = useState<Editing | null>(null);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(usersQuery(q));
  const search = useCallback((text: string) => setUrl({ q: text }), [setUrl]);
  const users = data?.pages.flatMap((p) => p.items) ?? [];
  const first = data?.pages[0];
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>People</h1>
          <p>{first ? `${countText(first.count, first.count_capped)} on this server` : 'Everybody on this server'}</p>
        </div>
        <div className="tools">
          <SearchInput label="Search name or e-mail" value={q} onSearch={search} />
          <Button variant="primary" onClick={() => setEditing({ what: 'new' })}>
            <UserPlus size={15} aria-hidden /> Add person
          </Button>
        </div>
      </header>
      <div className="sheet scroll-x">
        {error && !data ? (
          <ErrorState error={error} what="The people could not be loaded" retry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows label="Loading people" />
        ) : users.length === 0 ? (
          <EmptyState title="Nobody matches" action={<Button onClick={() => setUrl({ q: '' })}>Show everybody</Button>}>
            No name or e-mail contains “{q}”.
          </EmptyState>
        ) : (
          <UserTable users={users} onEdit={setEditing} />
        )}
      </div>
      <LoadMore more={hasNextPage} busy={isFetchingNextPage} load={() => void fetchNextPage()} />
      {editing && <UserDialog editing={editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

function UserTable({ users, onEdit }: { users: User[]; onEdit: (editing: Editing) => void }) {
  const entries = useUserEntries(onEdit);
  return (
    <table className="data">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col" className="wide-only">
            Since
          </th>
          <th scope="col">
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((u) => (
          <tr key={u.id}>
            <td>
              <span className="two-lines">
                <Person name={u.name} />
                <small>{u.email}</small>
              </span>
            </td>
            <td>
              {u.disabled ? (
                <span className="badge count">Disabled</span>
              ) : u.admin ? (
                <span className="badge soft">Administrator</span>
              ) : (
                'Person'
              )}
            </td>
            <td className="wide-only">{longDate(u.created_at)}</td>
            <td>
              <RowMenu label={`Actions for ${u.name}`} entries={() => entries(u)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useUserEntries(onEdit: (editing: Editing) => void) {
  const client = useQueryClient();
  const me = useMe();
  const change = async (user: User, patch: Partial<UserPatch>, text: string, undo?: Partial<UserPatch>) => {
    try {
      const body = { ...patch, version: user.version };
      const changed = await call(api.PATCH('/users/{id}', { params: { path: { id: user.id } }, body }));
      toast({ text, ...(undo && { undo: () => change(changed, undo, `${user.name} is as before`) }) });
    } catch (error) {
      toastError(error, `${user.name} was not changed`);
    }
    await client.invalidateQueries({ queryKey: teamKeys.users });
  };
  return (u: User): MenuEntry[] => [
    { label: 'Rename', icon: Pencil, run: () => onEdit({ what: 'name', user: u }) },
    { label: 'Set a new password', icon: KeyRound, run: () => onEdit({ what: 'password', user: u }) },
    u.admin
      ? {
          label: 'Take administration away',
          icon: ShieldOff,
          run: () => void change(u, { admin: false }, `${u.name} is no administrator any more`, { admin: true }),
        }
      : {
          label: 'Make administrator',
          icon: ShieldCheck,
          run: () => void change(u, { admin: true }, `${u.name} is an administrator now`, { admin: false }),
        },
    u.disabled
      ? {
          label: 'Enable',
          icon: UserCheck,
          separate: true,
          run: () => void change(u, { disabled: false }, `${u.name} may sign in again`, { disabled: true }),
        }
      : {
          label: 'Disable',
          icon: UserX,
          separate: true,
          danger: true,
          disabled: u.id === me?.user.id && 'You cannot disable yourself',
          run: () => void change(u, { disabled: true }, `${u.name} is disabled and signed out`, { disabled: false }),
        },
  ];
}
