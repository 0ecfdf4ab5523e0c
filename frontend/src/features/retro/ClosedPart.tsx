import { longDate } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Markdown } from '../../ui/Markdown';
import { toast } from '../../ui/toast';
import { ActionList } from './ActionsPart';
import type { Room } from './useRetro';

/** What stays. */
export function ClosedPart({ room, zone }: { room: Room; zone: string }) {
  const { retro } = room;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(retro.summary);
      toast({ text: 'The summary is copied' });
    } catch {
      // the clipboard is missing over plain http from another machine: the file is not
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([retro.summary], { type: 'text/markdown' }));
      link.download = `retrospective-${retro.sprint}.md`;
      link.click();
    }
  };
  return (
    <>
      <section className="sheet retro-part" aria-labelledby="retro-stays">
        <h2 id="retro-stays">Actions as they stand</h2>
        <ActionList actions={retro.actions} />
      </section>
      <section className="sheet retro-part" aria-labelledby="retro-summary">
        <header className="retro-lead">
          <h2 id="retro-summary">Summary</h2>
          <span className="muted">closed on {retro.closed_at && longDate(retro.closed_at, zone)}</span>
          <Button small className="push" onClick={() => void copy()}>
            Copy as Markdown
          </Button>
        </header>
        <Markdown text={retro.summary} />
      </section>
    </>
  );
}
