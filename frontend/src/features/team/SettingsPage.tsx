import './team.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import { useLive, usePauseLive } from '../../api/live';
import { sessionQuery, usePermission } from '../../api/queries';
import type { Team, TeamPatch, Weekday } from '../../api/schema';
import { useTitle } from '../../app/title';
import { Checkbox, Field, Input, NumberField, Switch } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { Section } from '../../ui/Section';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TimeZoneField } from '../../ui/TimeZoneField';
import { toast } from '../../ui/toast';
import { HolidaysField } from './HolidaysField';
import { teamKeys, teamQuery } from './queries';
import { rules } from './rules';
import { SaveBar } from './SaveBar';

type Values = Required<Omit<TeamPatch, 'version' | 'policies'>>;

const weekdays: [Weekday, string][] = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
];

/** How the team works: its calendar, its rules and the policies that set due dates. */
export function SettingsPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Settings · ${team}`);
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(teamQuery(team));
  useLive(team, (event) => {
    if (event.kind === 'team.changed' || event.kind === 'reset') {
      void client.invalidateQueries({ queryKey: teamKeys.team(team) });
    }
  });
  return (
    <div className="page long">
      <header className="page-head">
        <h1>Team settings</h1>
      </header>
      {error && !data ? (
        <ErrorState error={error} what="The settings could not be loaded" retry={() => void refetch()} />
      ) : data ? (
        <SettingsForm key={data.version} team={data} />
      ) : (
        <SkeletonRows label="Loading the settings" />
      )}
    </div>
  );
}

const valuesOf = (team: Team): Values => ({
  name: team.name,
  time_zone: team.time_zone,
  working_week: team.working_week,
  holidays: team.holidays,
  approval_required: team.approval_required,
  parallel_sprints: team.parallel_sprints,
  exception_max_days: team.exception_max_days,
});

function SettingsForm({ team }: { team: Team }) {
  const mayManage = usePermission('manage');
  const client = useQueryClient();
  const form = useForm<Values>({ defaultValues: valuesOf(team) });
  const { register, watch, setValue, formState, reset } = form;
  const { errors, isDirty } = formState;
  usePauseLive(isDirty); // a change by somebody else must not empty a half-filled form
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const body = { ...values, version: team.version };
    const saved = await call(api.PATCH('/teams/{team}', { params: { path: { team: team.key } }, body }));
    reset(valuesOf(saved));
    client.setQueryData(teamKeys.team(team.key), saved);
    toast({ text: 'Settings saved' });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey }); // name and time zone live there too
  });
  const again = () => void client.invalidateQueries({ queryKey: teamKeys.team(team.key) });
  return (
    <form onSubmit={onSubmit} noValidate>
      <fieldset className="fieldset" disabled={!mayManage}>
        <div className="columns">
          {!mayManage && <p className="readonly-note">Only Scrum masters and administrators change the settings.</p>}
          <Section title="Team">
            <div className="form narrow">
              <Field label="Name" required error={errors.name?.message}>
                <Input {...register('name', rules.name)} />
              </Field>
              <TimeZoneField
                value={watch('time_zone')}
                onChange={(z) => setValue('time_zone', z, { shouldDirty: true })}
                error={errors.time_zone?.message}
                disabled={!mayManage}
              />
            </div>
          </Section>
          <Section title="Working days" text="Only these count as days of a sprint; the others are shown grey.">
            <div className="form">
              <div className="week">
                {weekdays.map(([day, label]) => (
                  <Checkbox
                    key={day}
                    value={day}
                    label={label}
                    {...register('working_week', { validate: (v) => v.length > 0 || 'Choose at least one day.' })}
                  />
                ))}
              </div>
              {errors.working_week && <p className="field-error">{errors.working_week.message}</p>}
              <HolidaysField
                days={watch('holidays')}
                onChange={(days) => setValue('holidays', days, { shouldDirty: true })}
                error={errors.holidays?.message}
                disabled={!mayManage}
              />
            </div>
          </Section>
          <Section title="Rules">
            <div className="checks">
              <Switch
                label="Changes need approval"
                hint="Only an approver takes a patch past “Awaiting approval”, and risks are accepted by approved exceptions only."
                {...register('approval_required')}
              />
              <Switch
                label="Parallel sprints"
                hint="More than one sprint may be active at a time."
                {...register('parallel_sprints')}
              />
            </div>
            <div className="form narrow exception-days">
              <Field
                label="Longest exception, in days"
                hint="After this time somebody decides again."
                required
                error={errors.exception_max_days?.message}
              >
                <NumberField
                  min={1}
                  max={3650}
                  {...register('exception_max_days', {
                    valueAsNumber: true,
                    validate: (v) => (v >= 1 && v <= 3650) || 'From 1 to 3650 days.',
                  })}
                />
              </Field>
            </div>
          </Section>
          <Section
            title="Due-date policies"
            text="The earliest date of the policies that apply to a patch is its due date."
          >
            <p>
              <Link className="link" to="/t/$team/policies" params={{ team: team.key }}>
                See which apply
              </Link>
            </p>
          </Section>
          <FormProblem problem={problem} />
        </div>
      </fieldset>
      {mayManage && (
        <SaveBar
          what="settings"
          busy={busy}
          dirty={isDirty}
          problem={problem}
          onDiscard={() => reset()}
          onAgain={again}
        />
      )}
    </form>
  );
}
