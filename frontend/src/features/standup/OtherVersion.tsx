import type { StandupEntry } from '../../api/schema';
import { Button } from '../../ui/Button';
import { ItemChips } from './EntryRows';

interface Props {
  entry: StandupEntry;
  onTake: () => void;
  onKeep: () => void;
}

/** The version that was saved first, beside the one in the form. */
export function OtherVersion({ entry, onTake, onKeep }: Props) {
  return (
    <section className="other-version" aria-labelledby="standup-other">
      <h3 id="standup-other">Saved elsewhere in the meantime</h3>
      <div className="standup-fields">
        <div className="standup-text">
          <h4>Yesterday</h4>
          <p>{entry.yesterday || '–'}</p>
        </div>
        <div className="standup-text">
          <h4>Today</h4>
          <p>{entry.today || '–'}</p>
          <ItemChips items={entry.items} />
        </div>
      </div>
      <div className="standup-save">
        <Button small onClick={onTake}>
          Take this version
        </Button>
        <Button small onClick={onKeep}>
          Keep mine, to save over it
        </Button>
      </div>
    </section>
  );
}
