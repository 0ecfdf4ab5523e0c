import type { NewsKind } from '../../api/schema';

/** What one can be told about, in the order in which it is shown. */
export const kindLabel: Record<NewsKind, string> = {
  mention: 'Mentions',
  assigned: 'Assignments',
  comment: 'Comments',
  due: 'Due dates',
  kev: 'Known exploited',
  blocker: 'Blockers',
  exception: 'Exceptions',
  sprint: 'Sprints',
};

export const kinds = Object.keys(kindLabel) as NewsKind[];

export const kindOf = (text: string | undefined): NewsKind | undefined => kinds.find((k) => k === text);
