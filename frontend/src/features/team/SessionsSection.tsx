import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import type { Session } from '../../api/schema';
import { ago, dateTime } from '../../lib/format';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Section } from '../../ui/Section';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { toast } from '../../ui/toast';
import { deviceText } from './device';
import { sessionsQuery, teamKeys } from './queries';

/** Where one is signed in; a session that ends stops working at once. */
export function SessionsSection() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  const client = useQueryClient();
  const [ending, setEnding] = useState<Session | null>(null);
  const end = async (session: Session) => {
    await call(api.DELETE('/sessions/{id}', { params: { path: { id: session.id } } }));
    toast({ text: `Session of ${deviceText(session.user_agent)} ended` });
    await client.invalidateQueries({ queryKey: teamKeys.sessions });
  };
  return (
    <Section title="Sessions" text="Where you are signed in.">
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data ? (
        <div className="scroll-x">
          <table className="data">
            <TableHead columns={['Browser', 'Address', 'Last used', { text: 'Actions', sr: true }]} />
            <tbody>
              {data.items.map((s) => (
                <Row key={s.id} session={s} onEnd={() => setEnding(s)} />
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <SkeletonRows rows={2} label="Loading sessions" />
      )}
      {ending && (
        <ConfirmDialog
          open
          onClose={() => setEnding(null)}
          title="End this session?"
          text={`${deviceText(ending.user_agent)} at ${ending.address} has to sign in again.`}
          action="End session"
          run={() => end(ending)}
        />
      )}
    </Section>
  );
}

function Row({ session: s, onEnd }: { session: Session; onEnd: () => void }) {
  return (
    <tr>
      <td title={s.user_agent}>{deviceText(s.user_agent)}</td>
      <td>{s.address}</td>
      <td title={dateTime(s.last_seen_at)}>{s.current ? 'now' : ago(s.last_seen_at)}</td>
      <td className="num">
        {s.current ? (
          <span className="badge soft">This session</span>
        ) : (
          <Button small onClick={onEnd} aria-label={`End session of ${deviceText(s.user_agent)}`}>
            End
          </Button>
        )}
      </td>
    </tr>
  );
}
