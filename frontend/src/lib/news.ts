import type { MailKind, MailWhen, NewsKind } from '../api/schema';

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
  standup: 'Stand-ups',
  review: 'Reviews',
};

export const kinds = Object.keys(kindLabel) as NewsKind[];

export const kindOf = (text: string | undefined): NewsKind | undefined => kinds.find((k) => k === text);

/** What mail is chosen by, with what it is about. */
export const mailLabel: Record<MailKind, readonly [name: string, about: string]> = {
  mention: [kindLabel.mention, 'Somebody names you in a comment'],
  assigned: [kindLabel.assigned, 'A patch or a task becomes yours'],
  comment: [kindLabel.comment, 'On a patch of yours'],
  due: [kindLabel.due, 'A patch of yours is due soon, or is overdue'],
  kev: [kindLabel.kev, 'Patches of the team are known to be exploited'],
  blocker: [kindLabel.blocker, 'Yours is stopped, you are to clear the way, or nothing moves for days'],
  exception: [kindLabel.exception, 'One waits for your decision, or yours was decided or ends'],
  sprint: [kindLabel.sprint, 'One starts, is closed or is cancelled'],
  standup: [kindLabel.standup, 'What was said, once one is over'],
  review: [kindLabel.review, 'One waits for your verdict, or a guest comments'],
  overview: ['Overview', 'What is due, blocked and has moved, of the kinds that are not off'],
};

export const whenLabel: Record<MailWhen, string> = { immediate: 'At once', digest: 'In the morning', off: 'Off' };

/** An overview of the morning cannot come at any other time. */
export const mayBe = (kind: MailKind, when: MailWhen): boolean => kind !== 'overview' || when !== 'immediate';
