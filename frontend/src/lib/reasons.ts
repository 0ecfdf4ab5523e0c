/** Reasons the server names by an identifier, in words. */
const words: Record<string, string> = {
  risk_accepted: 'risk accepted',
  superseded: 'superseded by a later patch',
  false_positive: 'false positive',
  duplicate: 'duplicate',
  rolled_back: 'rolled back',
  failed_verification: 'failed verification',
  other: 'another reason',
};
export const reasonText = (reason: string) => words[reason] ?? reason.replaceAll('_', ' ');
