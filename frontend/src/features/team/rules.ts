/** What the contract asks of fields, checked before sending so that the answer comes at once. */
export const rules = {
  name: {
    validate: (v: string) => (v.trim() ? v.length <= 100 || 'At most 100 characters.' : 'Give it a name.'),
  },
  email: {
    validate: (v: string) => /^[^@\s]+@[^@\s]+$/.test(v.trim()) || 'An e-mail address has an @ between its two parts.',
    setValueAs: (v: string) => v.trim(),
  },
  password: {
    validate: (v: string) => (v.length < 10 ? 'At least 10 characters.' : v.length <= 200 || 'At most 200 characters.'),
  },
  key: {
    validate: (v: string) => /^[A-Z][A-Z0-9]{1,9}$/.test(v) || '2 to 10 capital letters and digits, a letter first.',
    setValueAs: (v: string) => v.trim().toUpperCase(),
  },
};

/** A key for a team's name: the initials of several words, else the first three letters. */
export function keyFrom(name: string): string {
  const words = name
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z0-9\s]/g, '')
    .split(/\s+/)
    .filter(Boolean);
  const key = words.length > 1 ? words.map((w) => w[0]).join('') : (words[0] ?? '').slice(0, 3);
  return key.replace(/^\d+/, '').slice(0, 10);
}
