import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import type { Token } from '../../api/schema';
import { ago, longDate } from '../../lib/format';
import { Chip } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Section } from '../../ui/Section';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { toast } from '../../ui/toast';
import { NewTokenDialog } from './NewTokenDialog';
import { teamKeys, tokensQuery } from './queries';

/** API tokens: for scripts and pipelines that act in one's name. */
export function TokensSection() {
  const { data, error, refetch } = useQuery(tokensQuery);
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const revoke = async (token: Token) => {
    await call(api.DELETE('/tokens/{id}', { params: { path: { id: token.id } } }));
    toast({ text: `Token ${token.name} revoked` });
    await client.invalidateQueries({ queryKey: teamKeys.tokens });
  };
  return (
    <Section
      title="API tokens"
      text="For scripts and pipelines that act in your name, never with more than you may do."
      action={<Button onClick={() => setMaking(true)}>New token</Button>}
    >
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={2} label="Loading tokens" />
      ) : data.items.length === 0 ? (
        <EmptyState title="You have no API token">Make one to import reports from a pipeline.</EmptyState>
      ) : (
        <Tokens tokens={data.items} onRevoke={setRevoking} />
      )}
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
      {revoking && (
        <ConfirmDialog
          open
          onClose={() => setRevoking(null)}
          title={`Revoke ${revoking.name}?`}
          text="What uses it stops working at once. A token cannot be brought back."
          action="Revoke token"
          run={() => revoke(revoking)}
        />
      )}
    </Section>
  );
}

function Tokens({ tokens, onRevoke }: { tokens: Token[]; onRevoke: (token: Token) => void }) {
  return (
    <div className="scroll-x">
      <table className="data">
        <TableHead columns={['Name', 'Scopes', 'Last used', 'Expires', { text: 'Actions', sr: true }]} />
        <tbody>
          {tokens.map((t) => (
            <tr key={t.id}>
              <td>
                <span className="two-lines">
                  {t.name}
                  <small>
                    <code>{t.prefix}…</code>
                  </small>
                </span>
              </td>
              <td>
                <span className="chips">
                  {t.scopes.map((s) => (
                    <Chip key={s}>{s}</Chip>
                  ))}
                </span>
              </td>
              <td>{t.last_used_at ? ago(t.last_used_at) : 'never'}</td>
              <td>{t.expires_at ? longDate(t.expires_at) : 'never'}</td>
              <td className="num">
                <Button small onClick={() => onRevoke(t)} aria-label={`Revoke ${t.name}`}>
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
