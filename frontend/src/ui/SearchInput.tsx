import { Search } from 'lucide-react';
import { type ComponentProps, useEffect, useState } from 'react';

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  label: string;
  value: string;
  /** Called 200 ms after the last key. */
  onSearch: (text: string) => void;
}

/** Filter by text. The address holds the value, so it may change from outside too ("back"). */
export function SearchInput({ label, value, onSearch, ...rest }: SearchInputProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), 200);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <label className="input">
      <Search size={15} aria-hidden />
      <input
        placeholder={label}
        maxLength={200}
        {...rest}
        type="search"
        aria-label={label}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
    </label>
  );
}
