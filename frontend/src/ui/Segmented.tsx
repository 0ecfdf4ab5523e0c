import type { KeyboardEvent, ReactNode } from 'react';

interface SegmentedProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly (readonly [value: V, label: ReactNode])[];
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One of a few, all visible: one tab stop, arrows choose, as in a group of radio buttons. */
export function Segmented<V extends string>({ label, value, onChange, options }: SegmentedProps<V>) {
  const key = (event: KeyboardEvent<HTMLElement>) => {
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const at = options.findIndex(([v]) => v === value);
    const index = (at + step + options.length) % options.length;
    const next = options[index];
    if (!next) return;
    onChange(next[0]);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')[index]?.focus();
  };
  return (
    <div className="seg" role="radiogroup" aria-label={label} onKeyDown={key}>
      {options.map(([v, text]) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot look like this and keep its label as target
        <button
          key={v}
          type="button"
          role="radio"
          aria-checked={v === value}
          tabIndex={v === value ? 0 : -1}
          onClick={() => onChange(v)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
