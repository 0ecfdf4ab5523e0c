import './team.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { api, call } from '../../api/client';
import { useLive } from '../../api/live';
import { sessionQuery, useMe, usePermission, whoMay } from '../../api/queries';
import type { Member, Role } from '../../api/schema';
import { useTitle } from '../../app/title';
import { roleHelp, roleLabel } from '../../lib/domain';
import { longDate, plural } from '../../lib/format';
import { Person } from '../../ui/atoms';
import { Button, IconButton } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';
import { InviteDialog } from './InviteDialog';
import { InvitesSection } from './InvitesSection';
import { membersQuery, teamKeys } from './queries';

export const roleOptions = Object.entries(roleLabel) as [Role, string][];

/** The people of a team, what they may do, and the open invitations. */
export function MembersPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Members · ${team}`);
  const mayManage = usePermission('manage');
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(membersQuery(team));
  const [inviting, setInviting] = useState(false);
  useLive(team, (event) => {
    if (event.kind !== 'member.changed' && event.kind !== 'reset') return;
    void client.invalidateQueries({ queryKey: teamKeys.members(team) });
    void client.invalidateQueries({ queryKey: teamKeys.invites(team) });
  });
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Members</h1>
          <p>{data ? plural(data.items.length, 'person', 'people') : 'The people of this team'}</p>
        </div>
        <div className="tools">
          <Button variant="primary" reason={!mayManage && whoMay.manage} onClick={() => setInviting(true)}>
            <UserPlus size={15} aria-hidden /> Invite
          </Button>
        </div>
      </header>
      <div className="sheet scroll-x">
        {error && !data ? (
          <ErrorState error={error} what="The members could not be loaded" retry={() => void refetch()} />
        ) : data?.items.length === 0 ? (
          <EmptyState title="Nobody is in this team yet">Invite the people who work here by a link.</EmptyState>
        ) : data ? (
          <MemberTable team={team} members={data.items} mayManage={mayManage} />
        ) : (
          <SkeletonRows label="Loading members" />
        )}
      </div>
      {mayManage && (
        <div className="columns">
          <InvitesSection team={team} />
        </div>
      )}
      {inviting && <InviteDialog team={team} onClose={() => setInviting(false)} />}
    </div>
  );
}

interface MemberTableProps {
  team: string;
  members: Member[];
  mayManage: boolean;
}

function MemberTable({ team, members, mayManage }: MemberTableProps) {
  const { setRole, remove } = useMemberChanges(team);
  return (
    <table className="data">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col" className="wide-only">
            Since
          </th>
          {mayManage && (
            <th scope="col">
              <span className="sr">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {members.map((m) => (
          <tr key={m.user.id}>
            <td>
              <span className="two-lines">
                <Person name={m.user.name} />
                <small>
                  {m.email}
                  {m.disabled && ' · disabled'}
                </small>
              </span>
            </td>
            <td>
              {mayManage ? (
                <Select
                  className="role-select"
                  aria-label={`Role of ${m.user.name}`}
                  title={roleHelp[m.role]}
                  options={roleOptions}
                  value={m.role}
                  onChange={(e) => void setRole(m, e.target.value as Role)}
                />
              ) : (
                <span title={roleHelp[m.role]}>{roleLabel[m.role]}</span>
              )}
            </td>
            <td className="wide-only">{longDate(m.joined_at)}</td>
            {mayManage && (
              <td className="num">
                <IconButton label={`Remove ${m.user.name}`} className="push" onClick={() => void remove(m)}>
                  <UserMinus size={16} />
                </IconButton>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Changes happen at once; each can be undone by its inverse. */
function useMemberChanges(team: string) {
  const client = useQueryClient();
  const me = useMe();
  const settle = async (member: Member) => {
    await client.invalidateQueries({ queryKey: teamKeys.members(team) });
    if (member.user.id === me?.user.id) await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const patch = async (member: Member, role: Role) => {
    const params = { path: { team, id: member.user.id } };
    await call(api.PATCH('/teams/{team}/members/{id}', { params, body: { role } }));
    await settle(member);
  };
  const setRole = async (member: Member, role: Role) => {
    const { name } = member.user;
    try {
      await patch(member, role);
      toast({ text: `${name} is now ${roleLabel[role]}`, undo: () => patch(member, member.role) });
    } catch (error) {
      toastError(error, `${name}’s role was not changed`);
      await settle(member);
    }
  };
  const back = async (member: Member) => {
    const body = { email: member.email, role: member.role };
    await call(api.POST('/teams/{team}/members', { params: { path: { team } }, body }));
    await settle(member);
  };
  const remove = async (member: Member) => {
    const { id, name } = member.user;
    try {
      await call(api.DELETE('/teams/{team}/members/{id}', { params: { path: { team, id } } }));
      toast({ text: `${name} was removed from the team`, undo: () => back(member) });
    } catch (error) {
      toastError(error, `${name} was not removed`);
    }
    await settle(member);
  };
  return { setRole, remove };
}
