import { ChevronLeft, ChevronRight } from 'lucide-react';
import { whoMay } from '../../api/queries';
import type { Standup } from '../../api/schema';
import { longDay } from '../../lib/format';
import { parseDay } from '../../lib/workdays';
import { Button, IconButton } from '../../ui/Button';

interface Props {
  day: string;
  /** Where the page begins: today, or the next working day. */
  home: string;
  homeText: string;
  /** The last day that may be written. */
  last: string;
  standup: Standup | undefined;
  mayWork: boolean;
  onGo: (day: string) => void;
  onBack: () => void;
  onForth: () => void;
  onReport: () => void;
}

/** Which day is shown, where it lies in the sprint, and the way to its neighbours. */
export function DayHead({ day, home, homeText, last, standup, mayWork, onGo, onBack, onForth, onReport }: Props) {
  return (
    <header className="page-head">
      <div>
        <h1>Stand-up</h1>
        <p>
          {longDay(day)}
          {standup && ` · ${sprintText(standup)}`}
        </p>
      </div>
      <div className="tools">
        <div className="standup-days">
          <IconButton label="Working day before" aria-keyshortcuts="[" onClick={onBack}>
            <ChevronLeft size={18} />
          </IconButton>
          <input
            type="date"
            className="control"
            aria-label="Day of the stand-up"
            value={day}
            max={last}
            onChange={(e) => {
              const typed = parseDay(e.target.value);
              if (typed && typed <= last) onGo(typed);
            }}
          />
          <IconButton
            label="Working day after"
            aria-keyshortcuts="]"
            reason={day >= last && 'a stand-up is written the day before at the earliest'}
            onClick={onForth}
          >
            <ChevronRight size={18} />
          </IconButton>
        </div>
        {day !== home && <Button onClick={() => onGo(home)}>{homeText}</Button>}
        <Button reason={!mayWork && whoMay.work} onClick={onReport}>
          Report a blocker…
        </Button>
      </div>
    </header>
  );
}

function sprintText(s: Standup): string {
  if (!s.working) return 'the team does not work that day';
  if (s.sprint_day === null || s.sprint_days === null) return 'no sprint';
  return `day ${s.sprint_day} of ${s.sprint_days} of the sprint`;
}
