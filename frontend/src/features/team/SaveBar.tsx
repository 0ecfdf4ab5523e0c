import type { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';

interface Props {
  /** What is saved: "settings". */
  what: string;
  busy: boolean;
  dirty: boolean;
  problem: Problem | null;
  onDiscard: () => void;
  /** Reads what somebody else has saved meanwhile. */
  onAgain: () => void;
}

/** The end of a long form: save, discard, and the way out of a conflict. */
export const SaveBar = ({ what, busy, dirty, problem, onDiscard, onAgain }: Props) => (
  <div className="save-bar">
    <Button type="submit" variant="primary" busy={busy} reason={!dirty && 'Nothing has changed'}>
      {busy ? 'Saving…' : `Save ${what}`}
    </Button>
    {dirty && <Button onClick={onDiscard}>Discard changes</Button>}
    {problem?.status === 409 && <Button onClick={onAgain}>Show what is current</Button>}
  </div>
);
