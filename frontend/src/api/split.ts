import { api, call } from './client';
import type { SplitPatch, UnsplitPatch } from './schema';

/** Takes parts out of a patch; answers with the patch and its parts behind it. */
export const splitPatch = (team: string, key: string, body: SplitPatch) =>
  call(api.POST('/teams/{team}/patches/{key}/split', { params: { path: { team, key } }, body }));

/** Joins them again; refused once somebody has changed one of them. */
export const unsplitPatch = (team: string, key: string, body: UnsplitPatch) =>
  call(api.POST('/teams/{team}/patches/{key}/split/undo', { params: { path: { team, key } }, body }));
