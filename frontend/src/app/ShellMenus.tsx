import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LogOut, UserRound } from 'lucide-react';
import { api, call } from '../api/client';
import { useMe, useTeam, useTeamOf } from '../api/queries';
import { roleLabel } from '../lib/domain';
import { Person } from '../ui/atoms';
import { Glyph } from '../ui/Glyph';
import { MenuButton } from '../ui/Menu';
import { toastError } from '../ui/toast';

/** The team whose pages the navigation leads to; another choice opens that team's backlog. */
export function TeamSwitch({ team: key }: { team: string | undefined }) {
  const me = useMe();
  const team = useTeamOf(key);
  const navigate = useNavigate();
  if (!me || (me.teams.length === 0 && !key)) return null;
  const entries = () =>
    me.teams.map((t) => ({
      label: t.name,
      hint: t.key,
      current: t.key === key,
      run: () => void navigate({ to: '/t/$team/backlog', params: { team: t.key } }),
    }));
  const shown = team?.name ?? key ?? 'Choose a team';
  return (
    <MenuButton label={`Team: ${shown}`} heading="Your teams" className="team-switch" align="start" entries={entries}>
      <span className="clip">{shown}</span>
      <Glyph name="chevron" size={14} />
    </MenuButton>
  );
}

export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  const client = useQueryClient();
  return async () => {
    try {
      await call(api.DELETE('/session'));
      await navigate({ to: '/sign-in' });
      client.clear(); // nothing of this person stays for the next one
    } catch (error) {
      toastError(error, 'Could not sign out');
    }
  };
}

export function UserMenu() {
  const me = useMe();
  const team = useTeam();
  const navigate = useNavigate();
  const signOut = useSignOut();
  if (!me) return null;
  const heading = (
    <>
      {me.user.name}
      <br />
      {team ? `${roleLabel[team.role]} in ${team.name}` : me.user.email}
    </>
  );
  return (
    <MenuButton
      label={`Account of ${me.user.name}`}
      heading={heading}
      className="user-button"
      entries={() => [
        { label: 'Account', icon: UserRound, run: () => void navigate({ to: '/account' }) },
        { label: 'Sign out', icon: LogOut, separate: true, run: () => void signOut() },
      ]}
    >
      <Person name={me.user.name} bare large />
    </MenuButton>
  );
}
