import './retro.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { createLesson, deleteLesson, lessonKeys, lessonListQuery } from '../../api/lessons';
import { useLive } from '../../api/live';
import { usePermission, useTeam, whoMay } from '../../api/queries';
import type { Lesson } from '../../api/schema';
import { useTitle } from '../../app/title';
import { useUrlState } from '../../app/url';
import { longDate } from '../../lib/format';
import { randomId } from '../../lib/id';
import { Button } from '../../ui/Button';
import { LoadMore } from '../../ui/LoadMore';
import { PatchLink } from '../../ui/links';
import { LessonDialog } from '../../ui/patch/LessonDialog';
import { SearchInput } from '../../ui/SearchInput';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';

/** What the team has learned, to search in. */
export function LessonsPage() {
  useTitle('Lessons');
  const team = useTeam();
  const key = team?.key ?? '';
  const client = useQueryClient();
  const [url, change] = useUrlState();
  const q = url.q ?? '';
  const list = useInfiniteQuery(lessonListQuery(key, q));
  const mayWork = usePermission('work');
  const [asked, setAsked] = useState<Lesson | 'new' | null>(null);
  const refresh = () => void client.invalidateQueries({ queryKey: lessonKeys.all(key) });
  useLive(key, (event) => {
    if (event.kind === 'lesson.changed' || event.kind === 'reset') refresh();
  });
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const remove = async (l: Lesson) => {
    try {
      await deleteLesson(key, l.id);
      toast({ text: 'The lesson is removed', undo: () => again(key, l).then(refresh) });
    } catch (error) {
      toastError(error, 'The lesson was not removed');
    }
    refresh();
  };
  return (
    <div className="page long retro">
      <header className="page-head">
        <div>
          <h1>Lessons</h1>
          <p>They show on later patches of their product</p>
        </div>
        <div className="tools">
          <SearchInput label="Search lessons" value={q} onSearch={(text) => change({ q: text || undefined })} />
          <Link className="btn" to="/t/$team/retro" params={{ team: key }}>
            Retrospective
          </Link>
          <Button variant="primary" reason={!mayWork && whoMay.work} onClick={() => setAsked('new')}>
            New lesson
          </Button>
        </div>
      </header>
      {list.error && !list.data && (
        <ErrorState error={list.error} what="The lessons could not be loaded" retry={() => void list.refetch()} />
      )}
      {!list.data && !list.error && <SkeletonRows rows={8} label="Loading the lessons" />}
      {list.data && items.length === 0 && (
        <EmptyState title={q ? 'No lesson has all these words' : 'Nothing was written down yet'}>
          {!q && 'Keep what a retrospective finds, or what a patch has taught you.'}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className="sheet retro-lessons plain-list">
          {items.map((l) => (
            <li key={l.id}>
              <p>{l.text}</p>
              <small className="muted">
                {[l.vendor, l.product].filter((w) => w && w !== 'generic').join(' ') || 'Work at large'} · {l.author},{' '}
                {longDate(l.created_at, team?.time_zone)}
                {l.key && (
                  <>
                    {' · '}
                    <PatchLink patchKey={l.key} />
                  </>
                )}
                {l.sprint && ` · sprint ${l.sprint}`}
              </small>
              <span className="retro-buttons">
                <Button small variant="ghost" reason={!mayWork && whoMay.work} onClick={() => setAsked(l)}>
                  Edit
                </Button>
                <Button small variant="ghost" reason={!mayWork && whoMay.work} onClick={() => void remove(l)}>
                  Remove
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <LoadMore more={list.hasNextPage} busy={list.isFetchingNextPage} load={() => void list.fetchNextPage()} />
      {asked && <LessonDialog team={key} lesson={asked === 'new' ? undefined : asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

/** The same lesson once more, for Undo. */
const again = (team: string, l: Lesson) =>
  createLesson(
    team,
    {
      text: l.text,
      vendor: l.vendor,
      product: l.product,
      ...(l.key && { key: l.key }),
      ...(l.sprint && { sprint: l.sprint }),
    },
    randomId(),
  );
