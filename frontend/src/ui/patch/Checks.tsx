import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { api, call } from '../../api/client';
import { patchKeys } from '../../api/patches';
import type { PatchCheck } from '../../api/schema';
import { Checkbox } from '../Field';
import { toastError } from '../toast';

type List = 'ready' | 'done';

/** The team's definitions of ready and done, ticked for this patch. Nothing where the team has none. */
export function Checks({ team, patchKey, mayWork }: { team: string; patchKey: string; mayWork: boolean }) {
  const client = useQueryClient();
  const key = [...patchKeys.detail(team, patchKey), 'checks'];
  const path = { team, key: patchKey };
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/patches/{key}/checks', { params: { path }, signal })),
  });
  const tick = async (list: List, item: string, met: boolean) => {
    try {
      const body = { list, item, met };
      client.setQueryData(key, await call(api.PUT('/teams/{team}/patches/{key}/checks', { params: { path }, body })));
    } catch (error) {
      toastError(error, 'It was not ticked');
    }
  };
  if (!data) return null;
  return (
    <>
      <Points title="Definition of ready" list="ready" points={data.ready} mayWork={mayWork} tick={tick} />
      <Points title="Definition of done" list="done" points={data.done} mayWork={mayWork} tick={tick} />
    </>
  );
}

interface PointsProps {
  title: string;
  list: List;
  points: PatchCheck[];
  mayWork: boolean;
  tick: (list: List, item: string, met: boolean) => Promise<void>;
}

function Points({ title, list, points, mayWork, tick }: PointsProps) {
  const id = useId();
  if (points.length === 0) return null;
  const met = points.filter((p) => p.met).length;
  return (
    <section className="patch-section" aria-labelledby={id}>
      <h3 id={id}>
        {title} <span className="muted">{`${met} of ${points.length}`}</span>
      </h3>
      <ul className="vulnerability-list">
        {points.map((p) => (
          <li key={p.text}>
            <Checkbox
              label={p.text}
              hint={p.auto ? 'Seen by the server' : p.who && `Ticked by ${p.who}`}
              checked={p.met}
              disabled={p.auto || !mayWork}
              onChange={(e) => void tick(list, p.text, e.target.checked)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
