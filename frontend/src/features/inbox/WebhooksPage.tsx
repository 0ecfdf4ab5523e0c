import './webhooks.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { History, Pencil, Plus, Power, PowerOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, call } from '../../api/client';
import { usePermission, whoMay } from '../../api/queries';
import type { Webhook } from '../../api/schema';
import { useTitle } from '../../app/title';
import { ago } from '../../lib/format';
import { kindLabel } from '../../lib/news';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { type MenuEntry, RowMenu } from '../../ui/Menu';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';
import { toast, toastError } from '../../ui/toast';
import { WebhookDialog } from './WebhookDialog';
import { WebhookLog } from './WebhookLog';
import { formatLabel, hookKeys, webhooksQuery } from './webhooks';

/** Other programs and chats that are told what happens in the team. */
export function WebhooksPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Webhooks · ${team}`);
  const may = usePermission('manage');
  const { data, error, refetch } = useQuery({ ...webhooksQuery(team), enabled: may });
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null);
  const [log, setLog] = useState<Webhook | null>(null);
  const [removing, setRemoving] = useState<Webhook | null>(null);
  const actions = useActions(team);
  const entries = (hook: Webhook): MenuEntry[] => [
    { label: 'Log', icon: History, run: () => setLog(hook) },
    { label: 'Edit', icon: Pencil, run: () => setEditing(hook) },
    hook.enabled
      ? { label: 'Switch off', icon: PowerOff, run: () => void actions.turn(hook, false) }
      : { label: 'Switch on', icon: Power, run: () => void actions.turn(hook, true) },
    { label: 'Delete', icon: Trash2, separate: true, danger: true, run: () => setRemoving(hook) },
  ];
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Webhooks</h1>
          <p>Other programs and chats that are told what happens in the team</p>
        </div>
        <div className="tools">
          <Button variant="primary" reason={!may && whoMay.manage} onClick={() => setEditing('new')}>
            <Plus size={15} aria-hidden /> New webhook
          </Button>
        </div>
      </header>
      <div className="sheet">
        {!may ? (
          <EmptyState title="Only Scrum masters and administrators see webhooks">
            Ask one of them to add an address or to look into its log.
          </EmptyState>
        ) : error && !data ? (
          <ErrorState error={error} what="The webhooks could not be loaded" retry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows rows={3} label="Loading webhooks" />
        ) : data.items.length === 0 ? (
          <EmptyState
            title="The team has no webhook"
            action={<Button onClick={() => setEditing('new')}>Add the first webhook</Button>}
          >
            A webhook tells a chat or another program of blockers, exceptions, sprints and known exploited patches.
          </EmptyState>
        ) : (
          <TableScroll label="Webhooks">
            <table className="data hook-table">
              <TableHead columns={['Webhook', 'Told about', 'State', { text: 'Actions', sr: true }]} />
              <tbody>
                {data.items.map((hook) => (
                  <tr key={hook.id}>
                    <td>
                      <b>{hook.name}</b>
                      <small>
                        {formatLabel[hook.format]} · {hook.host}/…
                      </small>
                    </td>
                    <td className="hook-kinds">{hook.kinds.map((k) => kindLabel[k]).join(', ')}</td>
                    <td>
                      <State hook={hook} />
                    </td>
                    <td>
                      <div className="hook-tools">
                        <Button
                          small
                          reason={!hook.enabled && 'It is switched off'}
                          onClick={() => void actions.ping(hook, setLog)}
                        >
                          Send a test
                        </Button>
                        <RowMenu label={`Actions for ${hook.name}`} entries={() => entries(hook)} />
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
      </div>
      {editing && (
        <WebhookDialog team={team} hook={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
      {log && <WebhookLog team={team} hook={log} onClose={() => setLog(null)} />}
      {removing && (
        <ConfirmDialog
          open
          onClose={() => setRemoving(null)}
          title={`Delete ${removing.name}?`}
          text="It is not told anything any more, and its log is deleted. A webhook cannot be brought back."
          action="Delete webhook"
          run={() => actions.remove(removing)}
        />
      )}
    </div>
  );
}

function State({ hook }: { hook: Webhook }) {
  if (hook.disabled) return <span className="hook-bad">Switched off: {hook.disabled}</span>;
  if (!hook.enabled) return <span className="badge count">Off</span>;
  if (hook.failing_at) return <span className="hook-bad">Nothing arrives since {ago(hook.failing_at)}</span>;
  return <span>On</span>;
}

function useActions(team: string) {
  const client = useQueryClient();
  const at = (hook: Webhook) => ({ params: { path: { team, id: hook.id } } });
  const again = () => client.invalidateQueries({ queryKey: hookKeys.all(team) });
  const turn = async (hook: Webhook, enabled: boolean): Promise<void> => {
    try {
      const body = { enabled, version: hook.version };
      const now = await call(api.PATCH('/teams/{team}/webhooks/{id}', { ...at(hook), body }));
      toast({ text: `${hook.name} is switched ${enabled ? 'on' : 'off'}`, undo: () => turn(now, !enabled) });
    } catch (error) {
      toastError(error, `${hook.name} was not changed`);
    }
    await again();
  };
  const ping = async (hook: Webhook, show: (hook: Webhook) => void) => {
    try {
      await call(api.POST('/teams/{team}/webhooks/{id}/ping', at(hook)));
      show(hook);
    } catch (error) {
      toastError(error, 'The test was not sent');
    }
    await again();
  };
  const remove = async (hook: Webhook) => {
    await call(api.DELETE('/teams/{team}/webhooks/{id}', at(hook)));
    toast({ text: `${hook.name} was deleted` });
    await again();
  };
  return { turn, ping, remove };
}
