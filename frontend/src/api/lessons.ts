import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { LessonPatch, NewLesson } from './schema';

export const lessonKeys = {
  all: (team: string) => ['lessons', team] as const,
  list: (team: string, q: string) => ['lessons', team, 'list', q] as const,
  patch: (team: string, key: string) => ['lessons', team, 'patch', key] as const,
};

export const lessonListQuery = (team: string, q: string) =>
  infiniteQueryOptions({
    queryKey: lessonKeys.list(team, q),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(q && { q }), ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/lessons', { params: { path: { team }, query }, signal }));
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** What was learned about the product of a patch. */
export const patchLessonsQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: lessonKeys.patch(team, key),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/patches/{key}/lessons', { params: { path: { team, key } }, signal })),
  });

/** `intent` is the same for every try of one creation, see lib/intent.ts. */
export const createLesson = (team: string, body: NewLesson, intent: string) =>
  call(api.POST('/teams/{team}/lessons', { params: { path: { team }, header: { 'Idempotency-Key': intent } }, body }));

export const updateLesson = (team: string, id: string, body: LessonPatch) =>
  call(api.PATCH('/teams/{team}/lessons/{id}', { params: { path: { team, id } }, body }));

export const deleteLesson = (team: string, id: string) =>
  call(api.DELETE('/teams/{team}/lessons/{id}', { params: { path: { team, id } } }));
