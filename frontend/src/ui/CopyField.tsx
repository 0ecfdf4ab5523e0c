import { useRef, useState } from 'react';
import { Button } from './Button';
import { announce } from './LiveRegion';

/** A text to take along, with a button. The clipboard API is missing over plain http; selecting and copying is not. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      input.current?.select();
      if (!document.execCommand('copy')) return;
    }
    setCopied(true);
    announce('Copied');
  };
  return (
    <div className="copy-field">
      <input
        ref={input}
        className="control"
        readOnly
        value={value}
        aria-label={label}
        onFocus={(e) => e.target.select()}
      />
      <Button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</Button>
    </div>
  );
}
