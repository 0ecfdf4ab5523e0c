import type { StandupStep } from '../../api/schema';
import { statusLabel } from '../../lib/domain';
import { Glyph } from '../../ui/Glyph';
import type { Item } from './entry';

/** "To do → Testing", or where it still stands. */
export const stepText = (s: Pick<StandupStep, 'from' | 'to'>): string =>
  s.from === s.to ? statusLabel[s.to] : `${statusLabel[s.from]} → ${statusLabel[s.to]}`;

interface Props {
  list: readonly Item[];
  /** How far they came, as far as it is known. */
  steps: readonly StandupStep[];
  onRemove: (key: string) => void;
}

/** What yesterday was about: planned the last time or moved since, ticked by itself where it went on. */
export function DoneItems({ list, steps, onRemove }: Props) {
  if (list.length === 0) return null;
  return (
    <ul className="standup-items" aria-label="Patches of yesterday">
      {list.map((i) => {
        const step = steps.find((s) => s.key === i.key);
        return (
          <li key={i.key}>
            <button
              type="button"
              className="standup-item"
              data-ticked={step?.ticked || undefined}
              title={i.title}
              aria-label={`Remove ${i.key} ${i.title} from yesterday`}
              onClick={() => onRemove(i.key)}
            >
              {step?.ticked && <Glyph name="check" size={11} />}
              <b>{i.key}</b>
              <span className="clip">{i.title}</span>
              {step && <small data-status={step.to}>{stepText(step)}</small>}
              <Glyph name="cross" size={11} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
