import { createStore } from '../../lib/store';

/** By how much the priority of a patch has moved since one looked; filled by News, shown by the rows. */
export const movedBy = createStore<ReadonlyMap<string, number>>(new Map());
