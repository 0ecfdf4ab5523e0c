import './policy.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { DuePolicy } from '../../api/schema';
import { useTitle } from '../../app/title';
import { Button } from '../../ui/Button';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';
import { PolicyCard } from './PolicyCard';
import { PolicyEditor } from './PolicyEditor';
import { PreviewDialog } from './Preview';
import { policiesQuery, policyKeys, retirePolicy, switchPolicy } from './queries';
import { Runs } from './Runs';

type Asking = { kind: 'edit'; of: DuePolicy | null; copy: boolean } | { kind: 'switch'; of: DuePolicy };

/** By when a patch must be in: the shipped policies, the team's own, and how far the latest change is applied. */
export function PoliciesPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Due-date policies · ${team}`);
  const zone = useTeam()?.time_zone ?? 'UTC';
  const mayManage = usePermission('manage');
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(policiesQuery(team));
  const [asking, setAsking] = useState<Asking | null>(null);
  const again = () => void client.invalidateQueries({ queryKey: policyKeys.all(team) });
  useLive(team, (event) => {
    if (event.kind === 'policies.changed' || event.kind === 'team.changed' || event.kind === 'reset') again();
  });
  const reason = !mayManage && whoMay.manage;
  const enabled = data?.items.filter((p) => p.enabled).map((p) => p.id) ?? [];
  const turn = async (p: DuePolicy, on: boolean) => {
    await switchPolicy(team, p.id, on);
    toast({ text: `${p.name} is switched ${on ? 'on' : 'off'}; due dates follow`, undo: () => turn(p, !on) });
    again();
  };
  const retire = async (p: DuePolicy) => {
    try {
      await retirePolicy(team, p.id);
      toast({ text: `${p.name} is retired` });
    } catch (problem) {
      toastError(problem, `${p.name} was not retired`);
    }
    again();
  };
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Due-date policies</h1>
          <p>The earliest date of the policies that apply to a patch is its due date</p>
        </div>
        <div className="tools">
          <Button variant="primary" reason={reason} onClick={() => setAsking({ kind: 'edit', of: null, copy: false })}>
            <Plus size={15} aria-hidden /> New policy
          </Button>
        </div>
      </header>
      {error && !data ? (
        <ErrorState error={error} what="The policies could not be loaded" retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows label="Loading policies" />
      ) : (
        <div className="policies">
          {data.items.map((p) => (
            <PolicyCard
              key={p.id}
              team={team}
              policy={p}
              zone={zone}
              reason={reason}
              onSwitch={() => setAsking({ kind: 'switch', of: p })}
              onEdit={() => setAsking({ kind: 'edit', of: p, copy: false })}
              onCopy={() => setAsking({ kind: 'edit', of: p, copy: true })}
              onRetire={() => void retire(p)}
            />
          ))}
          <Runs runs={data.runs} zone={zone} />
        </div>
      )}
      {asking?.kind === 'edit' && (
        <PolicyEditor
          team={team}
          of={asking.of}
          copy={asking.copy}
          zone={zone}
          enabled={enabled}
          onClose={() => setAsking(null)}
          onSaved={again}
        />
      )}
      {asking?.kind === 'switch' && (
        <PreviewDialog
          title={`Switch ${asking.of.name} ${asking.of.enabled ? 'off' : 'on'}`}
          action={asking.of.enabled ? 'Switch off' : 'Switch on'}
          team={team}
          zone={zone}
          trial={{
            enabled: asking.of.enabled ? enabled.filter((id) => id !== asking.of.id) : [...enabled, asking.of.id],
          }}
          onClose={() => setAsking(null)}
          apply={() => turn(asking.of, !asking.of.enabled)}
        />
      )}
    </div>
  );
}
