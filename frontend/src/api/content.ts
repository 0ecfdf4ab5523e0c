import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, apiBase, call, sessionFetch } from './client';
import { patchKeys } from './patches';
import { ProblemError, problemOf } from './problem';
import type { ActivityKind, Attachment, Comment, PatchContent, PatchContentEdit } from './schema';

const base = (team: string, key: string) => patchKeys.detail(team, key);

/** What people add to a patch; all below the patch's own key, so that it is read again with it. */
export const contentKeys = {
  content: (team: string, key: string) => [...base(team, key), 'content'] as const,
  comments: (team: string, key: string) => [...base(team, key), 'comments'] as const,
  files: (team: string, key: string) => [...base(team, key), 'files'] as const,
};

const at = (team: string, key: string) => ({ path: { team, key } });
const nextCursor = (last: { next_cursor: string | null }) => last.next_cursor ?? undefined;

export const contentQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: contentKeys.content(team, key),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/patches/{key}/content', { params: at(team, key), signal })),
  });

export const commentsQuery = (team: string, key: string) =>
  infiniteQueryOptions({
    queryKey: contentKeys.comments(team, key),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 20, ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/patches/{key}/comments', { params: { path: { team, key }, query }, signal }));
    },
    getNextPageParam: nextCursor,
  });

export const filesQuery = (team: string, key: string) =>
  queryOptions({
    queryKey: contentKeys.files(team, key),
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/patches/{key}/attachments', { params: at(team, key), signal })),
  });

export const activityOf = (team: string, key: string, kind: ActivityKind | 'all') =>
  infiniteQueryOptions({
    queryKey: [...patchKeys.activity(team, key), kind] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 20, ...(kind !== 'all' && { kind: [kind] }), ...(pageParam && { cursor: pageParam }) };
      return call(api.GET('/teams/{team}/patches/{key}/activity', { params: { path: { team, key }, query }, signal }));
    },
    getNextPageParam: nextCursor,
  });

/** Somebody talked about a patch or attached something: what shows that is read again. */
export function refreshTalk(client: QueryClient, team: string, key: string): void {
  for (const queryKey of [contentKeys.comments(team, key), contentKeys.files(team, key), patchKeys.activity(team, key)])
    void client.invalidateQueries({ queryKey });
}

export const putContent = (team: string, key: string, body: PatchContentEdit): Promise<PatchContent> =>
  call(api.PUT('/teams/{team}/patches/{key}/content', { params: at(team, key), body }));

export const addNeed = (team: string, key: string, other: string): Promise<PatchContent> =>
  call(api.PUT('/teams/{team}/patches/{key}/needs/{other}', { params: { path: { team, key, other } } }));

export const removeNeed = (team: string, key: string, other: string): Promise<PatchContent> =>
  call(api.DELETE('/teams/{team}/patches/{key}/needs/{other}', { params: { path: { team, key, other } } }));

/** `intent` is the same for every try of one comment. */
export const addComment = (team: string, key: string, body: string, intent: string): Promise<Comment> =>
  call(
    api.POST('/teams/{team}/patches/{key}/comments', {
      params: { ...at(team, key), header: { 'Idempotency-Key': intent } },
      body: { body },
    }),
  );

export const editComment = (team: string, key: string, comment: Comment, body: string): Promise<Comment> =>
  call(
    api.PATCH('/teams/{team}/patches/{key}/comments/{id}', {
      params: { path: { team, key, id: comment.id } },
      body: { body, version: comment.version },
    }),
  );

export const deleteComment = (team: string, key: string, id: string) =>
  call(api.DELETE('/teams/{team}/patches/{key}/comments/{id}', { params: { path: { team, key, id } } }));

export const deleteFile = (team: string, key: string, id: string) =>
  call(api.DELETE('/teams/{team}/patches/{key}/attachments/{id}', { params: { path: { team, key, id } } }));

const filesPath = (team: string, key: string) =>
  `${apiBase}/teams/${encodeURIComponent(team)}/patches/${encodeURIComponent(key)}/attachments`;

export const fileAddress = (team: string, key: string, id: string) =>
  `${filesPath(team, key)}/${encodeURIComponent(id)}`;

/** The most that the server takes, so that a larger file need not travel first. */
export const largestFile = 20 * 1024 * 1024;

export async function attachFile(team: string, key: string, file: File): Promise<Attachment> {
  const address = `${filesPath(team, key)}?${new URLSearchParams({ filename: file.name.slice(0, 300) || 'file' })}`;
  const headers = { 'Content-Type': 'application/octet-stream' };
  const answer = await sessionFetch(new Request(address, { method: 'POST', body: file, headers }));
  if (!answer.ok) throw await problem(answer);
  return (await answer.json()) as Attachment;
}

/** A file's content, with a fresh session if the old one has run out. */
export async function readFile(team: string, key: string, id: string): Promise<Blob> {
  const answer = await sessionFetch(new Request(fileAddress(team, key, id)));
  if (!answer.ok) throw await problem(answer);
  return answer.blob();
}

const problem = async (answer: Response) => new ProblemError(problemOf(await answer.json().catch(() => null), answer));
