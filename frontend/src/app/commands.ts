import type { LucideIcon } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import { createStore, useStore } from '../lib/store';

/** A line of the palette. */
export interface Command {
  label: string;
  /** Heading in the palette: "Backlog", "Sprint" … */
  group: string;
  icon?: LucideIcon;
  /** Shown at the end of the line, as in shortcuts.ts. */
  keys?: string;
  run: () => void;
}

const registered = createStore<readonly Command[]>([]);

export const useRegisteredCommands = () => useStore(registered);

/** Commands of the page for as long as it is shown. */
export function useCommands(commands: Command[]): void {
  const run = useEffectEvent((index: number) => commands[index]?.run());
  const icons = useEffectEvent((index: number) => commands[index]?.icon);
  const shape = JSON.stringify(commands.map(({ label, group, keys }) => ({ label, group, keys })));
  useEffect(() => {
    const fixed = (JSON.parse(shape) as Omit<Command, 'run'>[]).map((c, index) => {
      const icon = icons(index);
      return { ...c, ...(icon && { icon }), run: () => run(index) };
    });
    registered.set([...registered.get(), ...fixed]);
    return () => registered.set(registered.get().filter((c) => !fixed.includes(c)));
  }, [shape]);
}
