import { useMemo } from 'react';
import { Combobox } from './Combobox';
import { Field } from './Field';

/** The browser's own zone, to start with. */
export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

function zones(current: string): string[] {
  const known = new Set(Intl.supportedValuesOf('timeZone'));
  return [...new Set(['UTC', current, ...known])].filter(Boolean);
}

interface TimeZoneFieldProps {
  value: string;
  onChange: (zone: string) => void;
  hint?: string;
  error?: string | undefined;
  disabled?: boolean;
}

const cut = 'Sprint days and due dates are cut in this zone.';

export function TimeZoneField({ value, onChange, hint = cut, error, disabled }: TimeZoneFieldProps) {
  const options = useMemo(() => zones(value).map((z) => ({ value: z, label: z.replaceAll('_', ' ') })), [value]);
  return (
    <Field label="Time zone" required error={error} hint={hint}>
      <Combobox
        label="Time zone"
        options={options}
        value={value}
        onChange={(z) => z && onChange(z)}
        disabled={!!disabled}
      />
    </Field>
  );
}
