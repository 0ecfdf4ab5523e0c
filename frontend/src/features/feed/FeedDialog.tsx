import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { api, call, idempotencyKey } from '../../api/client';
import { teamsQuery } from '../../api/queries';
import type { Feed } from '../../api/schema';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, NumberField, Select } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { toast } from '../../ui/toast';
import { bodyOf, everyOptions, type FeedValues, valuesOf } from './form';
import { feedKeys } from './queries';
import { isShared, kindHelp, kindLabel } from './words';

const kinds = Object.entries(kindLabel) as [Feed['kind'], string][];

/** Adds a feed, or changes one. */
export function FeedDialog({ feed, folder, onClose }: { feed: Feed | null; folder: string; onClose: () => void }) {
  const key = useRef(idempotencyKey());
  const client = useQueryClient();
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const form = useForm<FeedValues>({ defaultValues: valuesOf(feed) });
  const { register, formState, watch } = form;
  const { errors } = formState;
  const [kind, every] = watch(['kind', 'every']);
  const { onSubmit, problem, busy } = useSend(form, async (values) => {
    const body = bodyOf(values);
    if (feed) {
      await call(
        api.PATCH('/feeds/{id}', { params: { path: { id: feed.id } }, body: { ...body, version: feed.version } }),
      );
    } else {
      await call(api.POST('/feeds', { params: { header: { 'Idempotency-Key': key.current } }, body }));
    }
    toast({ text: feed ? `${body.name} was changed` : `${body.name} was added` });
    onClose();
    await client.invalidateQueries({ queryKey: feedKeys.all });
  });
  const path = kind === 'folder';
  return (
    <Dialog open onClose={onClose} title={feed ? `Edit ${feed.name}` : 'New feed'} wide>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Name" required error={errors.name?.message}>
          <Input autoComplete="off" maxLength={100} {...register('name', { required: 'Give the feed a name.' })} />
        </Field>
        <Field label="Kind" required hint={kindHelp[kind]} error={errors.kind?.message}>
          <Select options={kinds} {...register('kind')} />
        </Field>
        <Field
          label={path ? 'Folder' : 'Address or file'}
          required
          error={errors.source?.message}
          hint={
            path
              ? `Below ${folder || 'the folder of feeds'} on the server.`
              : `An address that begins with https://${kind === 'csaf' ? '.' : `, or a file below ${folder || 'the folder of feeds'}.`}`
          }
        >
          <Input autoComplete="off" maxLength={1000} {...register('source', { required: 'Say where the file is.' })} />
        </Field>
        {!isShared(kind) && (
          <div className="feed-pair">
            <Field
              label="Team"
              required={path}
              error={errors.team?.message}
              hint="Whose assets the reports are about. Without one only knowledge about vulnerabilities is taken."
            >
              <Select
                key={teams.length} // a choice made before its list arrived shows once it is there
                options={[['', 'No team'], ...teams.map((t): [string, string] => [t.key, `${t.name} (${t.key})`])]}
                {...register('team')}
              />
            </Field>
            <Field label="Scope of reports" required hint="A full report closes what it no longer names on its assets.">
              <Select
                options={[
                  ['partial', 'Partial'],
                  ['full', 'Full'],
                ]}
                {...register('scope')}
              />
            </Field>
          </div>
        )}
        <div className="feed-pair">
          <Field label="Runs" required error={errors.every_minutes?.message}>
            <Select options={everyOptions(feed)} {...register('every')} />
          </Field>
          {every === 'daily' && (
            <>
              <Field label="Time of day" required error={errors.daily_at?.message}>
                <Input type="time" {...register('daily_at')} />
              </Field>
              <Field label="Time zone" required error={errors.time_zone?.message}>
                <Input autoComplete="off" {...register('time_zone')} />
              </Field>
            </>
          )}
        </div>
        <details>
          <summary>Limits</summary>
          <div className="feed-pair">
            <Field label="Largest file, MiB" required error={errors.max_mib?.message}>
              <NumberField min={1} max={4096} {...register('max_mib', { valueAsNumber: true })} />
            </Field>
            <Field label="Longest run, minutes" required error={errors.max_minutes?.message}>
              <NumberField min={1} max={600} {...register('max_minutes', { valueAsNumber: true })} />
            </Field>
            {kind === 'csaf' && (
              <Field label="Documents since" error={errors.since?.message} hint="Without a day: 30 days back.">
                <Input type="date" {...register('since')} />
              </Field>
            )}
          </div>
        </details>
        <Checkbox
          label="Switched on"
          hint={feed?.enabled ? undefined : 'It runs at once, and then on its schedule.'}
          {...register('enabled')}
        />
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {feed ? 'Save' : 'Add feed'}
        </FormActions>
      </form>
    </Dialog>
  );
}
