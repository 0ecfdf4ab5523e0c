import type { Exception, ExceptionKind, ExceptionState } from '../api/schema';
import { ordinal } from './ordinal';

export const kindLabel: Record<ExceptionKind, string> = {
  risk_accepted: 'Risk accepted',
  deferred: 'Deferred',
  mitigated: 'Mitigated',
  false_positive: 'False positive',
};

export const kindHelp: Record<ExceptionKind, string> = {
  risk_accepted: 'The patch leaves the backlog until the last day.',
  deferred: 'The patch stays in the backlog and is due after the last day.',
  mitigated: 'Something else protects the assets; the patch is due after the last day.',
  false_positive: 'The finding is wrong; the patch leaves the backlog.',
};

export const stateLabel: Record<ExceptionState, string> = {
  requested: 'Waits for approval',
  approved: 'In force',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  expired: 'Expired',
  ended: 'Ended',
};

/** A compensating control is required for these. */
export const needsControl = (kind: ExceptionKind) => kind === 'risk_accepted' || kind === 'mitigated';

/** "2nd renewal"; empty for the first exception. */
export const renewalText = (e: Pick<Exception, 'renewals'>) => (e.renewals > 0 ? `${ordinal(e.renewals)} renewal` : '');

/** Who may do what next; the server decides, this only shows the right buttons. */
export function stepsFor(e: Exception, me: string, may: { approve: boolean; rank: boolean; work: boolean }) {
  const own = e.requested_by.id === me;
  return {
    decide: e.state === 'requested' && may.approve && !own,
    withdraw: e.state === 'requested' && own,
    edit: (e.state === 'requested' || e.state === 'rejected') && own && may.work,
    end: e.state === 'approved' && (own || may.approve || may.rank),
    renew: e.state === 'approved' && e.kind !== 'false_positive' && may.work,
    review: e.state === 'approved' && e.review_at !== null && may.approve && !own,
  };
}
