import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { usePauseLive } from '../../api/live';
import { parsePoints } from '../../lib/points';
import { announce } from '../LiveRegion';
import './rows.css';

const ScaleButtons = lazy(() => import('./ScaleButtons'));

interface Props {
  value: number | null;
  label: string;
  onSave: (points: number | null) => void;
  /** Called after saving and after giving up, to put the focus back. */
  onDone: () => void;
}

/** Points typed in place: Enter saves, Escape gives up, leaving the field saves what is valid. */
export function PointsInput({ value, label, onSave, onDone }: Props) {
  const ref = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value === null ? '' : String(value));
  const finished = useRef(false);
  const points = parsePoints(text);
  usePauseLive(true);
  useEffect(() => ref.current?.select(), []);
  const finish = (save: boolean) => {
    if (finished.current) return;
    finished.current = true;
    if (save && points !== undefined && points !== value) onSave(points);
    onDone();
  };
  const pick = (value: number) => {
    finished.current = true;
    onSave(value);
    onDone();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Enter') {
      if (points === undefined) announce('Points are halves from 0 to 1000');
      else finish(true);
    } else if (e.key === 'Escape') finish(false);
    else if (e.key !== 'Tab') return e.stopPropagation();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <>
      <input
        ref={ref}
        className="points-input"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-invalid={points === undefined || undefined}
        title={points === undefined ? 'Halves from 0 to 1000; empty for no estimate' : undefined}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={onKeyDown}
        onClick={(e) => e.stopPropagation()}
        onBlur={() => finish(true)}
      />
      <Suspense>
        <ScaleButtons field={ref} label={label} onPick={pick} />
      </Suspense>
    </>
  );
}
