import { readSetting, writeSetting } from '../../lib/store';

/** The ticket of an anonymous retrospective lies in this browser and nowhere else. */
const nameOf = (user: string, team: string, sprint: number) => `retro-ticket.${user}.${team}.${sprint}`;

export const readTicket = (user: string, team: string, sprint: number): string =>
  readSetting(nameOf(user, team, sprint)) ?? '';

export const keepTicket = (user: string, team: string, sprint: number, ticket: string): void =>
  writeSetting(nameOf(user, team, sprint), ticket);

/** A random UUID (version 4). `crypto.randomUUID` is missing over plain http from another machine. */
export function randomUUID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
