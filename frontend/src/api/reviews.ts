import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { GuestReview, NewGuestComment, ReviewPatch, ReviewVerdictInput } from './schema';

export const reviewKeys = {
  all: (team: string) => ['reviews', team] as const,
  sprint: (team: string, n: number) => ['reviews', team, n] as const,
  links: (team: string, n: number) => ['reviews', team, n, 'links'] as const,
};

const base = '/teams/{team}/sprints/{n}/review';

export const reviewListQuery = (team: string) =>
  queryOptions({
    queryKey: reviewKeys.all(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/reviews', { params: { path: { team } }, signal })),
  });

export const reviewQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: reviewKeys.sprint(team, n),
    queryFn: ({ signal }) => call(api.GET(base, { params: { path: { team, n } }, signal })),
  });

export const reviewLinksQuery = (team: string, n: number) =>
  queryOptions({
    queryKey: reviewKeys.links(team, n),
    queryFn: ({ signal }) => call(api.GET(`${base}/links`, { params: { path: { team, n } }, signal })),
  });

export const updateReview = (team: string, n: number, body: ReviewPatch) =>
  call(api.PATCH(base, { params: { path: { team, n } }, body }));

export const judgeItem = (team: string, n: number, key: string, body: ReviewVerdictInput) =>
  call(api.PUT(`${base}/items/{key}/verdict`, { params: { path: { team, n, key } }, body }));

export const followUp = (team: string, n: number, key: string) =>
  call(api.POST(`${base}/items/{key}/follow-up`, { params: { path: { team, n, key } } }));

/** `intent` is the same for every try of one creation, see lib/intent.ts. */
export const createReviewComment = (team: string, n: number, text: string, intent: string) =>
  call(
    api.POST(`${base}/comments`, {
      params: { path: { team, n }, header: { 'Idempotency-Key': intent } },
      body: { text },
    }),
  );

export const deleteReviewComment = (team: string, n: number, id: string) =>
  call(api.DELETE(`${base}/comments/{id}`, { params: { path: { team, n, id } } }));

export const createReviewLink = (team: string, n: number, days: number, intent: string) =>
  call(
    api.POST(`${base}/links`, { params: { path: { team, n }, header: { 'Idempotency-Key': intent } }, body: { days } }),
  );

export const revokeReviewLink = (team: string, n: number, id: string) =>
  call(api.DELETE(`${base}/links/{id}`, { params: { path: { team, n, id } } }));

// ---- what a guest may do: the secret of the link travels in a header, so that no address of a request holds it

const held = (secret: string) => ({ header: { 'Review-Token': secret } });

export const guestReviewQuery = (secret: string) =>
  queryOptions({
    queryKey: guestKey(secret),
    queryFn: ({ client, signal }) => visit(secret, client.getQueryData<GuestReview>(guestKey(secret)), signal),
    retry: false,
    refetchInterval: 15_000, // while it is looked at: guests have no live stream
    refetchOnWindowFocus: 'always',
  });

const guestKey = (secret: string) => ['guest-review', secret];

const tags = new Map<string, string>(); // of the last answer, by secret

/** Reads a review as a guest; while nothing has happened the server answers so, and what is known stays. */
async function visit(secret: string, known: GuestReview | undefined, signal: AbortSignal): Promise<GuestReview> {
  const tag = known && tags.get(secret);
  const header = { 'Review-Token': secret, ...(tag && { 'If-None-Match': tag }) };
  const asked = api.GET('/guest-review', { params: { header }, signal });
  const answer = await asked.catch(() => undefined); // call tells why
  if (known && answer?.response.status === 304) return known;
  tags.set(secret, answer?.response.headers.get('ETag') ?? '');
  return call(asked);
}

export const createGuestComment = (secret: string, body: NewGuestComment) =>
  call(api.POST('/guest-review/comments', { params: held(secret), body }));
