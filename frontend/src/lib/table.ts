/** What a chart draws, as rows: shown as a table, saved as CSV. */
export type Cell = string | number | null;

export interface Column {
  name: string;
  num?: boolean;
}

export interface Table {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function toCSV({ columns, rows }: Table): string {
  const line = (cells: readonly Cell[]) => cells.map(csvCell).join(',');
  return `${[line(columns.map((c) => c.name)), ...rows.map(line)].join('\r\n')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
