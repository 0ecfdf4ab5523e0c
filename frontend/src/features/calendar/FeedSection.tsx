import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import { usePermission, whoMay } from '../../api/queries';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { CopyField } from '../../ui/CopyField';
import { FileDrop } from '../../ui/FileDrop';
import { Section } from '../../ui/Section';
import { toast, toastError } from '../../ui/toast';
import { calendarKeys } from './queries';

/** The calendar out, as an address to subscribe to, and holidays in, from a file. */
export function FeedSection({ team }: { team: string }) {
  const client = useQueryClient();
  const mayManage = usePermission('manage', team);
  const [address, setAddress] = useState<string | null>(null);
  const make = async () => {
    try {
      const { path } = await call(api.POST('/teams/{team}/calendar/feed', { params: { path: { team } } }));
      setAddress(location.origin + path);
    } catch (error) {
      toastError(error, 'No address was made');
    }
  };
  const take = async (files: File[]) => {
    const file = files[0];
    if (!file) return;
    try {
      const got = await call(
        api.POST('/teams/{team}/holidays/import', {
          params: { path: { team } },
          body: file as unknown as string,
          bodySerializer: (body) => body,
          headers: { 'Content-Type': 'text/calendar' },
        }),
      );
      const skipped = got.skipped > 0 ? `; ${plural(got.skipped, 'entry', 'entries')} left out` : '';
      toast({ text: `${plural(got.added.length, 'holiday')} added${skipped}` });
      await client.invalidateQueries({ queryKey: calendarKeys.all(team) });
    } catch (error) {
      toastError(error, `${file.name} was not imported`);
    }
  };
  return (
    <Section
      title="In and out"
      text="Calendar programs show sprints, windows, freezes and days off; whoever knows the address reads them."
    >
      {address ? (
        <CopyField label="Address of the calendar, shown this once" value={address} />
      ) : (
        <p>
          <Button onClick={() => void make()}>Make an address to subscribe to</Button>
        </p>
      )}
      <FileDrop
        label="Holidays from an .ics file"
        hint={mayManage ? 'Whole days only; yearly ones come five years ahead.' : whoMay.manage}
        accept=".ics,text/calendar"
        disabled={!mayManage}
        onFiles={(files) => void take(files)}
      />
    </Section>
  );
}
