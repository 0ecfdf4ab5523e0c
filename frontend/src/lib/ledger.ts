import type { LedgerRow, RiskCause } from './burndown';

/** Words for what happened to a sprint, as its ledger names it. */
const kinds: Record<string, string> = {
  added: 'added',
  removed: 'removed',
  estimated: 'estimated',
  re_estimated: 're-estimated',
  completed: 'completed',
  reopened: 'reopened',
  dropped: 'dropped',
  carried: 'carried',
  split: 'split',
  correction: 'correction',
};
const details: Record<string, string> = {
  pulled: 'pulled in',
  emergency: 'emergency',
  carried: 'carried over',
  rolled_back: 'rolled back',
  failed_verification: 'failed verification',
  other: '',
  risk_accepted: 'risk accepted',
  superseded: 'superseded',
  false_positive: 'false positive',
  duplicate: 'duplicate',
};

export const kindText = (kind: string) => kinds[kind] ?? kind.replaceAll('_', ' ');
export const detailText = (detail: string | undefined) =>
  detail ? (details[detail] ?? detail.replaceAll('_', ' ')) : '';

/** "+3", "−5", "0": with a real minus. */
export const signed = (n: number) => (n > 0 ? `+${format(n)}` : n < 0 ? `−${format(-n)}` : '0');
const format = (n: number) => new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(n);

/** "INF-7 re-estimated +5: OpenSSL 3.0.15". */
export function ledgerText(r: LedgerRow, titles: Record<string, string>): string {
  const detail = detailText(r.detail);
  const head = `${r.item} ${kindText(r.kind)}${detail && ` (${detail})`} ${signed(r.delta)}`;
  return titles[r.item] ? `${head}: ${titles[r.item]}` : head;
}

export const causeText: Record<RiskCause, string> = {
  retired: 'Retired',
  arrived: 'Arrived',
  rescored: 'Re-scored',
  accepted: 'Accepted',
  returned: 'Returned',
};

export const causeHelp: Record<RiskCause, string> = {
  retired: 'patches done and verified',
  arrived: 'new findings',
  rescored: 'new information about known ones',
  accepted: 'risk accepted by a decision',
  returned: 'reopened, or an acceptance that ran out',
};
