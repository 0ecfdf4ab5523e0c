import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import type { Invite } from '../../api/schema';
import { roleLabel } from '../../lib/domain';
import { ago, dateTime } from '../../lib/format';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Section } from '../../ui/Section';
import { ErrorState } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { toast } from '../../ui/toast';
import { invitesQuery, teamKeys } from './queries';

/** Invitations nobody has used yet; taken back, a link stops working at once. */
export function InvitesSection({ team }: { team: string }) {
  const { data, error, refetch } = useQuery(invitesQuery(team));
  const client = useQueryClient();
  const [revoking, setRevoking] = useState<Invite | null>(null);
  const revoke = async (invite: Invite) => {
    await call(api.DELETE('/teams/{team}/invites/{id}', { params: { path: { team, id: invite.id } } }));
    toast({ text: 'The invitation was taken back' });
    await client.invalidateQueries({ queryKey: teamKeys.invites(team) });
  };
  if (error)
    return <ErrorState error={error} what="The invitations could not be loaded" retry={() => void refetch()} />;
  if (!data?.items.length) return null;
  return (
    <Section title="Open invitations">
      <div className="scroll-x">
        <table className="data">
          <TableHead columns={['For', 'Role', 'By', 'Ends', { text: 'Actions', sr: true }]} />
          <tbody>
            {data.items.map((i) => (
              <tr key={i.id}>
                <td>{i.email ?? 'Whoever has the link'}</td>
                <td>{roleLabel[i.role]}</td>
                <td>{i.created_by}</td>
                <td title={dateTime(i.expires_at)}>{ago(i.expires_at)}</td>
                <td className="num">
                  <Button
                    small
                    onClick={() => setRevoking(i)}
                    aria-label={`Take back the invitation for ${i.email ?? roleLabel[i.role]}`}
                  >
                    Take back
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {revoking && (
        <ConfirmDialog
          open
          onClose={() => setRevoking(null)}
          title="Take this invitation back?"
          text="Its link stops working at once. You can make a new one."
          action="Take back"
          run={() => revoke(revoking)}
        />
      )}
    </Section>
  );
}
