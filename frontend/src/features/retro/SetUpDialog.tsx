import type { RetroFormat } from '../../api/schema';
import { Dialog, FormActions } from '../../ui/Dialog';
import { Checkbox, Field, NumberField, Select, Textarea } from '../../ui/Field';
import { FormProblem, useFollowingForm, useSend } from '../../ui/form';
import { formatLabel } from './phases';
import { updateRetro } from './queries';
import type { Room } from './useRetro';

interface Values {
  format: RetroFormat;
  columns: string;
  anonymous: boolean;
  dots: number;
}

/** Format and anonymity, as long as there is no card; the dots, until they are given. */
export function SetUpDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const { retro, place } = room;
  const cards = retro.counts.some((n) => n > 0);
  // it is sent with the newest version, so it must show what that says
  const form = useFollowingForm<Values>({
    format: retro.format,
    columns: retro.columns.join('\n'),
    anonymous: retro.anonymous,
    dots: retro.dots,
  });
  const { errors } = form.formState;
  const own = form.watch('format') === 'own';
  const { onSubmit, problem, busy } = useSend(form, async ({ format, columns, anonymous, dots }) => {
    const names = columns.split('\n').filter((c) => c.trim());
    await updateRetro(place, {
      ...(!cards && { format, anonymous, ...(format === 'own' && { columns: names }) }),
      ...(dots !== retro.dots && { dots }),
      version: retro.version,
    });
    await room.run(async () => {}, '');
    onClose();
  });
  return (
    <Dialog open onClose={onClose} title="Set up the retrospective">
      <form className="form" onSubmit={onSubmit} noValidate>
        {cards && <p className="muted">There are cards already: format and anonymity stand now.</p>}
        <Field label="Format" required>
          <Select disabled={cards} options={Object.entries(formatLabel)} {...form.register('format')} />
        </Field>
        {own && (
          <Field label="Columns" required error={errors.columns?.message} hint="2 to 6, a line each">
            <Textarea disabled={cards} rows={4} maxLength={250} {...form.register('columns')} />
          </Field>
        )}
        <Checkbox
          label="Anonymous"
          disabled={cards}
          hint="Nothing leads from a card or a vote to its author, not even for an administrator. It stands once there is a card. Each browser keeps its own ticket: cards are changed, and votes given, only there."
          {...form.register('anonymous')}
        />
        <Field label="Dots of each person" required error={errors.dots?.message}>
          <NumberField min={1} max={20} {...form.register('dots', { valueAsNumber: true })} />
        </Field>
        <FormProblem problem={problem} />
        <FormActions onCancel={onClose} busy={busy}>
          Save
        </FormActions>
      </form>
    </Dialog>
  );
}
