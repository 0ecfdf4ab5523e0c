import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { editException, exceptionKeys, renewException, requestException } from '../../api/exceptions';
import { patchKeys } from '../../api/patches';
import type { Exception, ExceptionKind, NewException } from '../../api/schema';
import { kindHelp, kindLabel, needsControl } from '../../lib/exceptions';
import { dayOf } from '../../lib/format';
import { Button } from '../Button';
import { Actions, Dialog } from '../Dialog';
import { Checkbox, Field, Input, Select, Textarea } from '../Field';
import { FormProblem, useSend } from '../form';
import { toast } from '../toast';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
  /** The request that is edited, or the exception that is renewed. */
  of?: Exception;
  renew?: boolean;
  onClose: () => void;
}

interface Values {
  kind: ExceptionKind;
  reason: string;
  control: string;
  expires_on: string;
  asset_ids: string[];
}

const kinds = Object.entries(kindLabel) as [ExceptionKind, string][];

/** Asks for an exception: nothing changes until somebody else approves it. */
export function ExceptionDialog({ team, patchKey, zone, of, renew = false, onClose }: Props) {
  const client = useQueryClient();
  const [some, setSome] = useState(of ? !of.whole : false);
  const form = useForm<Values>({ defaultValues: valuesOf(of, renew, zone) });
  const { register, watch, setValue, formState } = form;
  const { errors } = formState;
  const kind = watch('kind');
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    const expires_on = v.expires_on || null;
    if (of && renew) await renewException(team, of, v.reason, expires_on);
    else {
      const body: NewException = { ...v, key: patchKey, expires_on, asset_ids: some ? v.asset_ids : [] };
      await (of ? editException(team, of, body) : requestException(team, body));
    }
    onClose();
    toast({ text: `${patchKey}: an approver is asked` });
    void client.invalidateQueries({ queryKey: exceptionKeys.all(team) });
    void client.invalidateQueries({ queryKey: patchKeys.detail(team, patchKey) });
  });
  const title = renew
    ? `Renew the exception of ${patchKey}`
    : of
      ? `Edit the request for ${patchKey}`
      : `Exception for ${patchKey}`;
  return (
    <Dialog open onClose={onClose} title={title} description="Nothing changes until somebody else approves it.">
      <form className="form" onSubmit={onSubmit} noValidate>
        {!renew && (
          <Field label="Kind" hint={kindHelp[kind]} required>
            <Select options={kinds} {...register('kind')} />
          </Field>
        )}
        <Field label="Reason" required error={errors.reason?.message}>
          <Textarea rows={3} maxLength={4000} {...register('reason', { required: 'Say why.' })} />
        </Field>
        {!renew && (
          <Field
            label="Compensating control"
            hint="What protects the assets meanwhile"
            required={needsControl(kind)}
            error={errors.control?.message}
          >
            <Textarea rows={2} maxLength={4000} {...register('control')} />
          </Field>
        )}
        <Field label="Last day" required={kind !== 'false_positive'} error={errors.expires_on?.message}>
          <Input type="date" min={dayOf(Date.now(), zone)} {...register('expires_on')} />
        </Field>
        {!renew && (
          <Checkbox label="Only some of its assets" checked={some} onChange={(e) => setSome(e.target.checked)} />
        )}
        {!renew && some && (
          <Assets
            team={team}
            patchKey={patchKey}
            chosen={watch('asset_ids')}
            onChange={(ids) => setValue('asset_ids', ids)}
            error={errors.asset_ids?.message}
          />
        )}
        <FormProblem problem={problem} />
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={busy}
            reason={some && watch('asset_ids').length === 0 && 'Choose the assets'}
          >
            {renew ? 'Ask for renewal' : of ? 'Ask again' : 'Ask for approval'}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function valuesOf(of: Exception | undefined, renew: boolean, zone: string): Values {
  // its last day is the one before the moment at which it is over
  const last = of?.expires_at ? dayOf(Date.parse(of.expires_at) - 1, zone) : '';
  return {
    kind: of?.kind ?? 'risk_accepted',
    reason: renew ? '' : (of?.reason ?? ''),
    control: of?.control ?? '',
    expires_on: renew ? '' : last,
    asset_ids: of?.assets.map((a) => a.id) ?? [],
  };
}

interface AssetsProps {
  team: string;
  patchKey: string;
  chosen: string[];
  onChange: (ids: string[]) => void;
  error: string | undefined;
}

/** The assets of the patch's first 200 findings, each once. */
function Assets({ team, patchKey, chosen, onChange, error }: AssetsProps) {
  const { data } = useQuery({
    queryKey: [...patchKeys.findings(team, patchKey), 'assets'],
    queryFn: ({ signal }) =>
      call(
        api.GET('/teams/{team}/patches/{key}/findings', {
          params: { path: { team, key: patchKey }, query: { limit: 200 } },
          signal,
        }),
      ),
  });
  const assets = [
    ...new Map(data?.items.filter((f) => f.status === 'open').map((f) => [f.asset.id, f.asset])).values(),
  ];
  return (
    <fieldset className="fieldset">
      <legend>Assets</legend>
      {data && assets.length === 0 && <p className="muted">No scanner reported an asset of this patch.</p>}
      {assets.map((a) => (
        <Checkbox
          key={a.id}
          label={a.name}
          checked={chosen.includes(a.id)}
          onChange={(e) => onChange(e.target.checked ? [...chosen, a.id] : chosen.filter((id) => id !== a.id))}
        />
      ))}
      {error && <p className="field-error">{error}</p>}
    </fieldset>
  );
}
