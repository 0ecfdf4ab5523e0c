import { Combobox as Base } from '@base-ui/react/combobox';
import { useControl } from './Field';
import { Glyph } from './Glyph';

export interface Option {
  value: string;
  label: string;
}

interface ComboboxProps {
  label: string;
  options: Option[];
  value: string | null;
  onChange: (value: string | null) => void;
  placeholder?: string;
  disabled?: boolean;
}

/** A select with search, for lists too long to look through. */
export function Combobox({ label, options, value, onChange, placeholder, disabled }: ComboboxProps) {
  const control = useControl();
  const chosen = options.find((o) => o.value === value) ?? null;
  return (
    <Base.Root
      items={options}
      value={chosen}
      disabled={disabled ?? false}
      limit={100}
      onValueChange={(next: Option | null) => onChange(next?.value ?? null)}
      isItemEqualToValue={(a: Option, b: Option) => a.value === b.value}
    >
      <div className="combobox">
        <Base.Input
          {...control}
          className="control"
          aria-label={'id' in control ? undefined : label} // a Field's label names it
          placeholder={placeholder}
        />
        <Base.Trigger className="combobox-open" aria-label={`Show choices for ${label}`}>
          <Glyph name="chevron" size={14} />
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="menu-pos">
          <Base.Popup className="menu combobox-list">
            <Base.Empty>
              <span className="menu-head">Nothing matches</span>
            </Base.Empty>
            <Base.List>
              {(option: Option) => (
                <Base.Item key={option.value} value={option} className="menu-item">
                  {option.label}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
