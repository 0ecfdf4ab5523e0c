import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { ReactNode } from 'react';

interface SegmentedProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly (readonly [value: V, label: ReactNode])[];
}

/** One of a few, all visible; arrows move between them. */
export function Segmented<V extends string>({ label, value, onChange, options }: SegmentedProps<V>) {
  return (
    <ToggleGroup className="seg" aria-label={label} value={[value]} onValueChange={([v]) => v && onChange(v as V)}>
      {options.map(([v, text]) => (
        <Toggle key={v} value={v}>
          {text}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
