import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface Tab {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

interface TabsProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  tabs: Tab[];
}

/** Only the chosen tab's content is mounted. */
export const Tabs = ({ label, value, onChange, tabs }: TabsProps) => (
  <Base.Root value={value} onValueChange={(v) => onChange(v as string)} className="tabs">
    <Base.List className="tab-list" aria-label={label} activateOnFocus>
      {tabs.map((t) => (
        <Base.Tab key={t.value} value={t.value} className="tab">
          {t.label}
        </Base.Tab>
      ))}
    </Base.List>
    {tabs.map((t) => (
      <Base.Panel key={t.value} value={t.value} className="tab-panel">
        {t.content}
      </Base.Panel>
    ))}
  </Base.Root>
);
