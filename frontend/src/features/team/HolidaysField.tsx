import { useId, useState } from 'react';
import { longDay } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Glyph } from '../../ui/Glyph';

interface HolidaysFieldProps {
  days: string[];
  onChange: (days: string[]) => void;
  error?: string | undefined;
  disabled: boolean;
}

/** Days off for the whole team, in order. */
export function HolidaysField({ days, onChange, error, disabled }: HolidaysFieldProps) {
  const [day, setDay] = useState('');
  const id = useId();
  const add = () => {
    if (day && !days.includes(day)) onChange([...days, day].sort());
    setDay('');
  };
  return (
    <div className="field">
      <label htmlFor={id}>Holidays</label>
      <div className="inline-form">
        <input
          id={id}
          type="date"
          className="control"
          value={day}
          onChange={(e) => setDay(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter') return;
            e.preventDefault();
            add();
          }}
        />
        <Button onClick={add} reason={disabled ? 'You may not change this' : !day && 'Choose a day first'}>
          Add day
        </Button>
      </div>
      {error && <p className="field-error">{error}</p>}
      {days.length === 0 ? (
        <p className="field-hint">No holidays yet.</p>
      ) : (
        <ul className="chips plain-list">
          {days.map((d) => (
            <li key={d} className="chip">
              {longDay(d)}
              {!disabled && (
                <button
                  type="button"
                  aria-label={`Remove ${longDay(d)}`}
                  onClick={() => onChange(days.filter((x) => x !== d))}
                >
                  <Glyph name="cross" size={10} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
