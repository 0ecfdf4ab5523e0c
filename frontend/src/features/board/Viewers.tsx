import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { lookAtBoard, viewersKey } from '../../api/board';
import { useLive } from '../../api/live';
import { useMe } from '../../api/queries';
import { plural } from '../../lib/format';
import { Person } from '../../ui/atoms';

const beat = 20_000;
const shown = 4;

/** Who else looks at the board. It rests while the page is hidden, and then says good-bye by its silence. */
export function Viewers({ team }: { team: string }) {
  const client = useQueryClient();
  const me = useMe()?.user.id;
  const { data } = useQuery({
    queryKey: viewersKey(team),
    queryFn: ({ signal }) => lookAtBoard(team, true, signal),
    refetchInterval: beat,
    staleTime: 0,
    retry: false,
  });
  useLive(team, (event) => {
    if (event.kind === 'board.viewers') void client.invalidateQueries({ queryKey: viewersKey(team) });
  });
  useEffect(() => {
    const leave = () => void lookAtBoard(team, false).catch(() => {}); // it would be noticed within a minute anyway
    const back = (e: PageTransitionEvent) => e.persisted && client.invalidateQueries({ queryKey: viewersKey(team) });
    addEventListener('pagehide', leave);
    addEventListener('pageshow', back);
    return () => {
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', back);
      client.removeQueries({ queryKey: viewersKey(team) });
      leave();
    };
  }, [client, team]);
  const others = (data?.items ?? []).filter((p) => p.id !== me);
  if (others.length === 0) return null;
  const names = others.map((p) => p.name).join(', ');
  return (
    // biome-ignore lint/a11y/useSemanticElements: pictures that belong together are no form
    <div
      className="viewers"
      role="group"
      aria-label={`Also looking at this board: ${names}`}
      title={`Also here: ${names}`}
    >
      {others.slice(0, shown).map((p) => (
        <Person key={p.id} name={p.name} bare />
      ))}
      {others.length > shown && (
        <span className="avatar" title={plural(others.length - shown, 'other')}>
          +{others.length - shown}
        </span>
      )}
    </div>
  );
}
