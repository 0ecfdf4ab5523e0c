import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { api, call } from '../../api/client';
import type { NewsKind, Webhook } from '../../api/schema';
import { kindLabel, kinds } from '../../lib/news';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, Input, Select } from '../../ui/Field';
import { FormProblem, useSend } from '../../ui/form';
import { ShownOnce } from '../../ui/ShownOnce';
import { toast } from '../../ui/toast';
import { formats, hookKeys } from './webhooks';

interface Values {
  name: string;
  url: string;
  format: Webhook['format'];
  kinds: NewsKind[];
  secret: string;
}

const usual: NewsKind[] = ['kev', 'blocker', 'exception', 'sprint'];

/** Adds a webhook, or changes one; address and secret are never shown again. */
export function WebhookDialog({ team, hook, onClose }: { team: string; hook: Webhook | null; onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const client = useQueryClient();
  const form = useForm<Values>({
    defaultValues: {
      name: hook?.name ?? '',
      url: '',
      format: hook?.format ?? 'standard',
      kinds: hook?.kinds ?? usual,
      secret: '',
    },
  });
  const { register, formState, watch } = form;
  const { errors } = formState;
  const signed = watch('format') === 'standard';
  const { onSubmit, problem, busy } = useSend(form, async (v) => {
    const url = v.url.trim();
    const given = signed ? v.secret.trim() : '';
    const body = { name: v.name.trim(), format: v.format, kinds: v.kinds, ...(given && { secret: given }) };
    if (hook) {
      const change = { ...body, ...(url && { url }), version: hook.version };
      await call(api.PATCH('/teams/{team}/webhooks/{id}', { params: { path: { team, id: hook.id } }, body: change }));
      toast({ text: `${body.name} was changed` });
      onClose();
    } else {
      const made = await call(
        api.POST('/teams/{team}/webhooks', { params: { path: { team } }, body: { ...body, url } }),
      );
      if (signed && !given) setSecret(made.secret);
      else onClose();
    }
    await client.invalidateQueries({ queryKey: hookKeys.all(team) });
  });
  if (secret) {
    return (
      <ShownOnce
        title="The secret of the webhook"
        text="The receiver checks signatures with it. It is shown this once."
        label="Secret"
        value={secret}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog open onClose={onClose} title={hook ? `Edit ${hook.name}` : 'New webhook'}>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field label="Name" required error={errors.name?.message}>
          <Input autoComplete="off" maxLength={100} {...register('name', { required: 'Give the webhook a name.' })} />
        </Field>
        <Field label="Format" required>
          <Select options={formats} {...register('format')} />
        </Field>
        <Field
          label="Address"
          required={!hook}
          error={errors.url?.message}
          hint={
            hook ? `Leave it empty to keep the one at ${hook.host}.` : 'It begins with https:// and is not shown again.'
          }
        >
          <Input
            autoComplete="off"
            maxLength={2000}
            {...register('url', { validate: (v) => !!hook || !!v.trim() || 'Say where to send it.' })}
          />
        </Field>
        <fieldset className="fieldset">
          <legend>Told about</legend>
          <div className="checks">
            {kinds.map((kind) => (
              <Checkbox
                key={kind}
                value={kind}
                label={kindLabel[kind]}
                {...register('kinds', { validate: (v) => v.length > 0 || 'Choose at least one.' })}
              />
            ))}
          </div>
          {errors.kinds && <p className="field-error">{errors.kinds.message}</p>}
        </fieldset>
        {signed && (
          <Field
            label="Secret"
            error={errors.secret?.message}
            hint={hook ? 'Leave it empty to keep the present one.' : 'Leave it empty to have one made.'}
          >
            <Input autoComplete="off" maxLength={200} placeholder="whsec_…" {...register('secret')} />
          </Field>
        )}
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          {hook ? 'Save' : 'Add webhook'}
        </FormActions>
      </form>
    </Dialog>
  );
}
