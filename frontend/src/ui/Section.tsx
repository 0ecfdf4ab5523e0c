import './section.css';
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** A titled part of a page of settings. */
export function Section({ title, text, action, children }: SectionProps) {
  return (
    <section className="section" aria-label={title}>
      <header className="section-head">
        <h2>{title}</h2>
        {action && <span className="push">{action}</span>}
        {text && <p>{text}</p>}
      </header>
      {children}
    </section>
  );
}
