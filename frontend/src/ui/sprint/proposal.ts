import type { ProposalItem, ProposalRequest } from '../../api/schema';

/** What a person has decided about an item before the proposal. */
export type Wish = 'keep' | 'leave_out';

export function wishesOf(wishes: Record<string, Wish>): Pick<ProposalRequest, 'keep' | 'leave_out'> {
  const of = (wish: Wish) => Object.keys(wishes).filter((key) => wishes[key] === wish);
  return { keep: of('keep'), leave_out: of('leave_out') };
}

/** Why an item is in, or is not. */
export function reasonText({ reason, related }: Pick<ProposalItem, 'reason' | 'related'>): string {
  switch (reason) {
    case 'kept':
      return 'kept by hand';
    case 'due':
      return 'due before the end';
    case 'needed':
      return `${related} needs it`;
    case 'risk':
      return 'most risk for its points';
    case 'left_out':
      return 'left out by hand';
    case 'barred':
      return 'no maintenance window opens in this sprint';
    case 'needs':
      return `needs ${related}, which cannot be in`;
    case 'unestimated':
      return 'has no estimate';
    case 'due_missed':
      return 'due, but what is in needs the capacity';
    default:
      return 'does not fit beside what is in';
  }
}

/** What differs from the sprint as it is: a proposal lists its items first as kept or left out. */
export function applied(items: readonly (ProposalItem & { in: boolean })[]): { add: string[]; remove: string[] } {
  return {
    add: items.filter((i) => i.in && !i.in_sprint).map((i) => i.key),
    remove: items.filter((i) => !i.in && i.in_sprint).map((i) => i.key),
  };
}
