import { type KeyboardEvent, useState } from 'react';
import { useControl } from './Field';
import { Glyph } from './Glyph';

interface TagInputProps {
  value: string[];
  onChange: (tags: string[]) => void;
  /** Offered while typing. */
  suggestions?: readonly string[];
  max?: number;
  disabled?: boolean;
}

/** Words as chips: Enter or a comma adds, Backspace in the empty field takes the last one back. */
export function TagInput({ value, onChange, suggestions = [], max = 50, disabled }: TagInputProps) {
  const control = useControl();
  const [text, setText] = useState('');
  const listId = 'id' in control ? `${control.id}-list` : undefined;
  const add = (raw: string) => {
    const words = raw.split(/[,;]/).map((w) => w.trim().slice(0, 60));
    const fresh = words.filter((w, i) => w && words.indexOf(w) === i && !value.includes(w));
    if (fresh.length) onChange([...value, ...fresh].slice(0, max));
    setText('');
  };
  const key = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' && text.trim()) || event.key === ',') {
      event.preventDefault(); // Enter in the empty field submits the form
      add(text);
    } else if (event.key === 'Backspace' && !text) {
      onChange(value.slice(0, -1));
    }
  };
  return (
    <div className="tag-input control">
      {value.map((tag) => (
        <span className="chip" key={tag}>
          {tag}
          {!disabled && (
            <button type="button" aria-label={`Remove ${tag}`} onClick={() => onChange(value.filter((t) => t !== tag))}>
              <Glyph name="cross" size={10} />
            </button>
          )}
        </span>
      ))}
      <input
        {...control}
        value={text}
        list={listId}
        maxLength={200}
        disabled={disabled}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={key}
        onBlur={() => add(text)}
      />
      <datalist id={listId}>
        {suggestions
          .filter((s) => !value.includes(s))
          .map((s) => (
            <option key={s} value={s} />
          ))}
      </datalist>
    </div>
  );
}
