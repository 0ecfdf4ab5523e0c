import './team.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call, idempotencyKey } from '../../api/client';
import { sessionQuery, teamsQuery, useMe } from '../../api/queries';
import { useTitle } from '../../app/title';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Field, Input } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { browserZone, TimeZoneField } from '../../ui/TimeZoneField';
import { toast } from '../../ui/toast';
import { keyFrom, rules } from './rules';

/** The teams of this server; only administrators make new ones. */
export function TeamsPage() {
  useTitle('Teams');
  const me = useMe();
  const { data, error, refetch } = useQuery(teamsQuery);
  const [making, setMaking] = useState(false);
  const notAdmin = me?.user.admin ? undefined : 'Only administrators make teams';
  const button = (
    <Button variant="primary" reason={notAdmin} onClick={() => setMaking(true)}>
      <Plus size={15} aria-hidden /> New team
    </Button>
  );
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Teams</h1>
          <p>{data ? plural(data.items.length, 'team') : 'Each has its own backlog, sprints and calendar'}</p>
        </div>
        <div className="tools">{button}</div>
      </header>
      <div className="sheet scroll-x">
        {error ? (
          <ErrorState error={error} what="The teams could not be loaded" retry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows label="Loading teams" />
        ) : data.items.length === 0 ? (
          <EmptyState title="There is no team yet" action={button}>
            A team has its own backlog, sprints and calendar.
          </EmptyState>
        ) : (
          <table className="data">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Name</th>
                <th scope="col" className="wide-only">
                  Time zone
                </th>
                <th scope="col">
                  <span className="sr">Links</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((t) => (
                <tr key={t.key}>
                  <td>{t.key}</td>
                  <td>
                    <Link to="/t/$team/backlog" params={{ team: t.key }} className="link">
                      {t.name}
                    </Link>
                  </td>
                  <td className="wide-only">{t.time_zone.replaceAll('_', ' ')}</td>
                  <td className="num">
                    <Link
                      to="/t/$team/members"
                      params={{ team: t.key }}
                      className="link"
                      aria-label={`Members of ${t.name}`}
                    >
                      Members
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {making && <NewTeamDialog onClose={() => setMaking(false)} />}
    </div>
  );
}

function NewTeamDialog({ onClose }: { onClose: () => void }) {
  const key = useRef(idempotencyKey());
  const client = useQueryClient();
  const form = useForm({ defaultValues: { name: '', key: '', time_zone: browserZone() } });
  const { register, setValue, watch, formState } = form;
  const { errors, dirtyFields } = formState;
  const { onSubmit, problem, busy } = useSend(form, async (body) => {
    const team = await call(api.POST('/teams', { params: { header: { 'Idempotency-Key': key.current } }, body }));
    toast({ text: `Team ${team.name} was made` });
    onClose();
    await client.invalidateQueries({ queryKey: teamsQuery.queryKey });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  });
  const suggest = (name: string) => {
    if (!dirtyFields.key) setValue('key', keyFrom(name), { shouldDirty: false });
  };
  return (
    <Dialog open onClose={onClose} title="New team">
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Name" required error={errors.name?.message}>
          <Input
            autoComplete="off"
            {...register('name', { ...rules.name, onChange: (e) => suggest(e.target.value) })}
          />
        </Field>
        <Field
          label="Key"
          required
          error={errors.key?.message}
          hint="Starts every patch’s number; it cannot be changed."
        >
          <Input autoComplete="off" {...register('key', rules.key)} />
        </Field>
        <TimeZoneField
          value={watch('time_zone')}
          onChange={(z) => setValue('time_zone', z)}
          error={errors.time_zone?.message}
        />
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {busy ? 'Making…' : 'Make team'}
        </FormActions>
      </form>
    </Dialog>
  );
}
