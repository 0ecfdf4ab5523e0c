import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import type { NewWindow, Weekday, Window, WindowRule } from '../../api/schema';
import { dayOf } from '../../lib/format';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, NumberField, Select } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { TimeZoneField } from '../../ui/TimeZoneField';
import { toast } from '../../ui/toast';
import { calendarKeys } from './queries';
import { weekdayLabel } from './words';

interface Values {
  kind: NewWindow['kind'];
  name: string;
  group_id: string;
  repeat: WindowRule['repeat'];
  from: string;
  until: string;
  start: string;
  end: string;
  days: number;
  weekdays: Weekday[];
  nth: string;
  every: number;
  except: string;
  time_zone: string;
  rule: string;
}

interface Props {
  team: string;
  zone: string;
  window: Window | null;
  onClose: () => void;
}

const repeats = [
  ['once', 'Once'],
  ['daily', 'Every day'],
  ['weekly', 'On days of the week'],
  ['monthly', 'On a weekday of the month'],
] as const;

const nths = [
  ['1', 'First'],
  ['2', 'Second'],
  ['3', 'Third'],
  ['4', 'Fourth'],
  ['5', 'Fifth'],
  ['-1', 'Last'],
] as const;

/** A maintenance window or a freeze: for what, and when it comes. */
export function WindowDialog({ team, zone, window: w, onClose }: Props) {
  const client = useQueryClient();
  const form = useForm<Values>({ defaultValues: valuesOf(w, zone) });
  const { register, watch, setValue, formState } = form;
  const { errors } = formState;
  const groups = useGroups(team);
  const repeat = watch('repeat');
  const byWeekday = repeat === 'weekly' || repeat === 'monthly';
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const body = bodyOf(values);
    const path = { team, id: w?.id ?? '' };
    await (w
      ? call(api.PUT('/teams/{team}/windows/{id}', { params: { path }, body: { ...body, version: w.version } }))
      : call(api.POST('/teams/{team}/windows', { params: { path: { team } }, body })));
    toast({ text: `${values.name} was ${w ? 'changed' : 'added'}` });
    await client.invalidateQueries({ queryKey: calendarKeys.all(team) });
    onClose();
  });
  return (
    <Dialog open onClose={onClose} title={w ? `Edit ${w.name}` : 'Add a window or a freeze'} wide>
      <form className="form" onSubmit={onSubmit} noValidate>
        <div className="form-row">
          <Field label="Kind" required>
            <Select
              options={[
                ['maintenance', 'Maintenance window'],
                ['freeze', 'Freeze'],
              ]}
              {...register('kind')}
            />
          </Field>
          <Field label="Name" required error={errors.name?.message}>
            <Input maxLength={100} {...register('name', { required: 'Give it a name.' })} />
          </Field>
        </div>
        <Field label="For" required error={errors.group_id?.message}>
          <Select
            key={groups.length} // a choice made before its list arrived shows once it is there
            options={[['', 'All assets'], ...groups]}
            {...register('group_id')}
          />
        </Field>
        <div className="form-row">
          <Field label="Comes" required>
            <Select options={repeats} {...register('repeat')} />
          </Field>
          {repeat === 'monthly' && (
            <Field label="Which of the month" required>
              <Select options={nths} {...register('nth')} />
            </Field>
          )}
          {repeat !== 'once' && (
            <Field label={`Every … ${unit[repeat]}`} required>
              <NumberField min={1} max={52} {...register('every', { valueAsNumber: true })} />
            </Field>
          )}
        </div>
        {byWeekday && (
          <fieldset className="week">
            <legend className="sr">Days of the week</legend>
            {(Object.keys(weekdayLabel) as Weekday[]).map((d) => (
              <Checkbox key={d} value={d} label={weekdayLabel[d]} {...register('weekdays')} />
            ))}
          </fieldset>
        )}
        <div className="form-row">
          <Field label="From" required>
            <Input type="time" {...register('start', { required: true })} />
          </Field>
          <Field label="To" required hint="Not after the beginning is the next day.">
            <Input type="time" {...register('end', { required: true })} />
          </Field>
          <Field label="And more days" required hint="13 for a freeze of two weeks.">
            <NumberField min={0} max={366} {...register('days', { valueAsNumber: true })} />
          </Field>
        </div>
        <div className="form-row">
          <Field label={repeat === 'once' ? 'Day' : 'First day'} required error={errors.from?.message}>
            <Input type="date" {...register('from', { required: 'Choose a day.' })} />
          </Field>
          {repeat !== 'once' && (
            <Field label="Last day">
              <Input type="date" {...register('until')} />
            </Field>
          )}
        </div>
        {repeat !== 'once' && (
          <Field label="Not on" hint="Days such as 2026-12-24, with commas between.">
            <Input {...register('except')} />
          </Field>
        )}
        <TimeZoneField
          hint="By its clocks, also when they change."
          value={watch('time_zone')}
          onChange={(z) => setValue('time_zone', z, { shouldDirty: true })}
        />
        {errors.rule && <p className="field-error">{errors.rule.message}</p>}
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {w ? 'Save' : 'Add'}
        </FormActions>
      </form>
    </Dialog>
  );
}

const unit = { once: '', daily: 'days', weekly: 'weeks', monthly: 'months' };

function useGroups(team: string): [string, string][] {
  const { data } = useQuery({
    queryKey: calendarKeys.groups(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/asset-groups', { params: { path: { team } }, signal })),
  });
  return (data?.items ?? []).map((g) => [g.id, g.name]);
}

function valuesOf(w: Window | null, zone: string): Values {
  const r = w?.rule;
  return {
    kind: w?.kind ?? 'maintenance',
    name: w?.name ?? '',
    group_id: w?.group_id ?? '',
    repeat: r?.repeat ?? 'monthly',
    from: r?.from ?? dayOf(Date.now(), zone),
    until: r?.until ?? '',
    start: r?.start ?? '22:00',
    end: r?.end ?? '02:00',
    days: r?.days ?? 0,
    weekdays: r?.weekdays ?? ['tue'],
    nth: String(r?.nth || 3),
    every: r?.every || 1,
    except: (r?.except ?? []).join(', '),
    time_zone: r?.time_zone ?? zone,
    rule: '',
  };
}

function bodyOf(v: Values): NewWindow {
  const byWeekday = v.repeat === 'weekly' || v.repeat === 'monthly';
  const once = v.repeat === 'once';
  const except = v.except.split(/[\s,;]+/).filter(Boolean);
  return {
    kind: v.kind,
    name: v.name.trim(),
    group_id: v.group_id || null,
    rule: {
      time_zone: v.time_zone,
      start: v.start,
      end: v.end,
      days: v.days || 0,
      repeat: v.repeat,
      from: v.from,
      ...(byWeekday && { weekdays: v.weekdays }),
      ...(v.repeat === 'monthly' && { nth: Number(v.nth) }),
      ...(!once && { every: v.every || 1, except }),
      ...(!once && v.until && { until: v.until }),
    },
  };
}
