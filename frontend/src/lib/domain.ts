import type { Role, Status } from '../api/schema';

/** Words and small rules of the domain that several pages show. */
export type Band = 'critical' | 'high' | 'medium' | 'low';

/** The bands start at 80, 60 and 35, as on the server. */
export const band = (risk: number): Band =>
  risk >= 80 ? 'critical' : risk >= 60 ? 'high' : risk >= 35 ? 'medium' : 'low';

export const bandLabel: Record<Band, string> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' };

export const statusLabel: Record<Status, string> = {
  new: 'New',
  ready: 'Ready',
  in_progress: 'In progress',
  testing: 'Testing',
  awaiting_approval: 'Awaiting approval',
  scheduled: 'Scheduled',
  deployed: 'Deployed',
  verified: 'Verified',
  dropped: 'Dropped',
};

export const roleLabel: Record<Role, string> = {
  viewer: 'Viewer',
  member: 'Member',
  scrum_master: 'Scrum master',
  product_owner: 'Product owner',
  approver: 'Approver',
};

export const roleHelp: Record<Role, string> = {
  viewer: 'Reads everything, changes nothing',
  member: 'Works on patches, imports reports',
  scrum_master: 'Plans, starts and closes sprints; manages the team',
  product_owner: 'Orders the backlog, drops patches',
  approver: 'Approves changes',
};
