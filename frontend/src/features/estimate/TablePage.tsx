import './estimate.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { estimateKeys, tableQuery } from '../../api/estimates';
import { useLive } from '../../api/live';
import { patchKeys } from '../../api/patches';
import { useMe, usePermission, useTeam } from '../../api/queries';
import type { EstimationTable } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { dateTime, plural } from '../../lib/format';
import { useGathered } from '../../lib/useGathered';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Switch } from '../../ui/Field';
import { announce } from '../../ui/LiveRegion';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { AddForm } from './AddForm';
import { newsOf, shownKey } from './cards';
import { Facts } from './Facts';
import { Queue } from './Queue';
import { RoundView } from './RoundView';
import { useHere } from './useHere';
import { type TableActions, useTable } from './useTable';

/** One estimation: its queue, the round on the table, and what is known about the patch. */
export function TablePage() {
  const { team = '', id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(tableQuery(team, id));
  useTitle(data ? `${data.name} · ${team}` : 'Estimation');
  useTableLive(team, id);
  if (error && !data)
    return <ErrorState page error={error} what="The estimation could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} label="Loading the estimation" />;
  return <AtTable team={team} table={data} />;
}

function AtTable({ team, table }: { team: string; table: EstimationTable }) {
  const me = useMe()?.user.id;
  const zone = useTeam()?.time_zone ?? 'UTC';
  const mayWork = usePermission('work');
  const mayPlan = usePermission('plan');
  const [url, change] = useUrlState();
  const [watching, setWatching] = useState(false);
  const open = !table.closed_at;
  const votes = mayWork && !watching;
  const leads = open && (mayPlan || table.opened_by.id === me);
  const actions = useTable(team, table);
  const key = shownKey(table, url.item);
  const item = table.queue.find((i) => i.key === key);
  useHere(team, table.id, open && table.mode === 'live', votes);
  useNews(table, key);
  const show = (next: string) => {
    if (open && table.mode === 'live') actions.turn(next);
    else change({ item: next });
  };
  return (
    <div className="page long">
      <Head table={table} zone={zone} leads={leads} actions={actions} />
      {open && table.mode === 'live' && mayWork && (
        <div className="estimate-switch">
          <Switch label="Only watch" checked={watching} onChange={(e) => setWatching(e.target.checked)} />
        </div>
      )}
      <div className="estimate">
        <Queue table={table} shown={key} mayTurn={table.mode === 'async' || !open || leads} onShow={show}>
          {open && mayWork && <AddForm team={team} onAdd={actions.add} />}
        </Queue>
        {item ? (
          <RoundView
            key={item.key}
            table={table}
            item={item}
            me={me}
            zone={zone}
            votes={votes && open}
            leads={leads}
            actions={actions}
            onNext={show}
          />
        ) : (
          <EmptyState title="The queue is empty" />
        )}
        {item && <Facts team={team} patchKey={item.key} zone={zone} />}
      </div>
    </div>
  );
}

interface HeadProps {
  table: EstimationTable;
  zone: string;
  leads: boolean;
  actions: TableActions;
}

function Head({ table, zone, leads, actions }: HeadProps) {
  const { team = '' } = useParams({ strict: false });
  const [closing, setClosing] = useState(false);
  const hidden =
    table.open_rounds > 0 ? ` ${plural(table.open_rounds, 'round')} not revealed yet: these votes are forgotten.` : '';
  return (
    <header className="page-head">
      <div>
        <h1>{table.name}</h1>
        <p>
          <Link className="link" to="/t/$team/estimate" params={{ team }}>
            All estimations
          </Link>{' '}
          · {table.estimated} of {table.items} estimated · opened by {table.opened_by.name}
          {table.deadline && ` · until ${dateTime(table.deadline, zone)}`}
          {table.closed_at && ` · closed ${dateTime(table.closed_at, zone)}`}
        </p>
      </div>
      {leads && (
        <div className="tools">
          <Button onClick={() => setClosing(true)}>Close estimation…</Button>
        </div>
      )}
      <ConfirmDialog
        open={closing}
        onClose={() => setClosing(false)}
        title={`Close ${table.name}`}
        text={`Nobody can vote in it any more.${hidden}`}
        action="Close estimation"
        run={actions.close}
      />
    </header>
  );
}

/** Says what changed on the table, once. */
function useNews(table: EstimationTable, key: string | undefined): void {
  const before = useRef(table);
  useEffect(() => {
    const text = newsOf(before.current, table, key);
    before.current = table;
    if (text) announce(text);
  }, [table, key]);
}

function useTableLive(team: string, id: string): void {
  const client = useQueryClient();
  const gather = useGathered(40);
  useLive(team, (event) => {
    const ours = event.kind === 'estimate.changed' && event.key === id;
    if (!ours && event.kind !== 'patch.changed' && event.kind !== 'reset') return;
    gather(() => client.invalidateQueries({ queryKey: estimateKeys.table(team, id) }));
    if (event.kind === 'patch.changed' && event.key)
      void client.invalidateQueries({ queryKey: patchKeys.detail(team, event.key) });
  });
}
