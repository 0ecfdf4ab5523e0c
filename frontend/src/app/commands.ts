import type { LucideIcon } from 'lucide-react';

/** A line of the palette. */
export interface Command {
  label: string;
  /** Heading in the palette: "On this page", "Backlog", "Go to" … */
  group: string;
  icon?: LucideIcon;
  /** Shown at the end of the line, as in shortcuts.ts. */
  keys?: string;
  run: () => void;
}
