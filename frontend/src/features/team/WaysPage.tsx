import './team.css';
import './ways.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { boardKey } from '../../api/board';
import { api, call } from '../../api/client';
import { useLive, usePauseLive } from '../../api/live';
import { usePermission } from '../../api/queries';
import { rulesKey, rulesQuery } from '../../api/rules';
import type { TeamRules } from '../../api/schema';
import { taskKeys } from '../../api/tasks';
import { useTitle } from '../../app/title';
import { Field, Input, NumberField, Switch } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Section } from '../../ui/Section';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { toast } from '../../ui/toast';
import { ColumnsFields } from './ColumnsFields';
import { DefinitionFields } from './DefinitionFields';
import { SaveBar } from './SaveBar';
import { ScaleFields } from './ScaleFields';
import { bodyOf, type Ways, waysOf } from './ways';

const TaskTemplates = lazy(() => import('./TaskTemplates'));

/** How the team works: what it estimates in, how its board flows, what ready and done mean. */
export function WaysPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Ways of working · ${team}`);
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(rulesQuery(team));
  useLive(team, (event) => {
    if (event.kind === 'team.changed' || event.kind === 'reset') {
      void client.invalidateQueries({ queryKey: rulesKey(team) });
      void client.invalidateQueries({ queryKey: taskKeys.templates(team) });
    }
  });
  return (
    <div className="page long">
      <header className="page-head">
        <h1>Ways of working</h1>
      </header>
      {error && !data ? (
        <ErrorState error={error} what="The ways of working could not be loaded" retry={() => void refetch()} />
      ) : data ? (
        <>
          <WaysForm key={data.version} team={team} rules={data} />
          <Suspense>
            <TaskTemplates key={`tasks ${data.version}`} team={team} />
          </Suspense>
        </>
      ) : (
        <SkeletonRows label="Loading the ways of working" />
      )}
    </div>
  );
}

function WaysForm({ team, rules }: { team: string; rules: TeamRules }) {
  const mayManage = usePermission('manage', team);
  const client = useQueryClient();
  const form = useForm<Ways>({ defaultValues: waysOf(rules) });
  const { register, formState, reset } = form;
  const { isDirty, errors } = formState;
  usePauseLive(isDirty); // a change by somebody else must not empty a half-filled form
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const body = { ...bodyOf(values), version: rules.version };
    const saved = await call(api.PUT('/teams/{team}/rules', { params: { path: { team } }, body }));
    reset(waysOf(saved));
    client.setQueryData(rulesKey(team), saved);
    toast({ text: 'Ways of working saved' });
    await client.invalidateQueries({ queryKey: boardKey(team) });
  });
  const again = () => void client.invalidateQueries({ queryKey: rulesKey(team) });
  return (
    <FormProvider {...form}>
      <form onSubmit={onSubmit} noValidate>
        <fieldset className="fieldset" disabled={!mayManage}>
          <div className="columns">
            {!mayManage && (
              <p className="readonly-note">Only Scrum masters and administrators change the ways of working.</p>
            )}
            <Section title="Estimates" text="What the team estimates in. Points already given stay as they are.">
              <ScaleFields scales={rules.scales} />
            </Section>
            <Section title="Board" text="Cards beyond a limit are shown, or stopped unless somebody gives the reason.">
              <ColumnsFields />
            </Section>
            <Section title="Emergencies">
              <div className="form narrow">
                <Switch
                  label="Emergency lane"
                  hint="Emergencies stand on top of the board and no limit stops them."
                  {...register('emergency_lane')}
                />
                <Field
                  label="Budget a sprint"
                  hint="Points for emergencies; beyond it a reason is asked for. 0 is no budget."
                  error={errors.emergency_points?.message}
                  required
                >
                  <NumberField
                    min={0}
                    max={1000}
                    step={0.5}
                    {...register('emergency_points', { valueAsNumber: true })}
                  />
                </Field>
                <Field
                  label="Reserve, in %"
                  hint="Share of the capacity kept free for them. Empty takes what the last five sprints needed."
                  error={errors.reserve?.message}
                >
                  <Input inputMode="numeric" {...register('reserve')} />
                </Field>
              </div>
            </Section>
            <Section
              title="Stand-up"
              text="A quarter of an hour after its time, or when a walk-through ends, everybody has the digest in the inbox, and by mail who chose that."
            >
              <div className="form narrow">
                <Field
                  label="Stand-up at"
                  hint="By the team's clocks. Without a time the digest comes when a walk-through ends."
                  error={errors.standup_at?.message}
                >
                  <Input type="time" {...register('standup_at')} />
                </Field>
              </div>
            </Section>
            <Section
              title="Definition of ready"
              text="Looked at when a sprint starts and when an item is pulled into one."
            >
              <DefinitionFields name="ready" />
            </Section>
            <Section title="Definition of done" text="Looked at when an item becomes verified.">
              <DefinitionFields name="done" />
            </Section>
            <FormProblem problem={problem} />
          </div>
        </fieldset>
        {mayManage && (
          <SaveBar
            what="ways of working"
            busy={busy}
            dirty={isDirty}
            problem={problem}
            onDiscard={() => reset()}
            onAgain={again}
          />
        )}
      </form>
    </FormProvider>
  );
}
