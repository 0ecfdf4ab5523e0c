import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';
import type { NewGuestComment, ReviewPatch, ReviewVerdictInput } from './schema';

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
    queryKey: ['guest-review', secret],
    queryFn: ({ signal }) => call(api.GET('/guest-review', { params: held(secret), signal })),
    retry: false,
    refetchInterval: 60_000, // guests have no live stream
  });

export const createGuestComment = (secret: string, body: NewGuestComment) =>
  call(api.POST('/guest-review/comments', { params: held(secret), body }));
