import { useQueryClient } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Notice } from '../../api/schema';
import { toastError } from '../../ui/toast';
import { newsKeys } from './newsQueries';

/** Puts a notice away for oneself. */
export function useDismiss(team: string) {
  const client = useQueryClient();
  return async (notice: Notice) => {
    try {
      await call(api.DELETE('/teams/{team}/notices/{id}', { params: { path: { team, id: notice.id } } }));
    } catch (error) {
      toastError(error, 'The notice was not put away');
    }
    await client.invalidateQueries({ queryKey: newsKeys.notices(team) });
  };
}
