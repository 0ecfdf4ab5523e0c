import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Links to the things of the domain, with the team of the page. */
function useTeamKey(): string {
  return useParams({ strict: false }).team ?? '';
}

/** Without a team, one of the page's. */
export function PatchLink({
  patchKey,
  team: given,
  children,
}: {
  patchKey: string;
  team?: string;
  children?: ReactNode;
}) {
  const here = useTeamKey();
  const team = given ?? here;
  return (
    <Link className="link" to="/t/$team/patches/$key" params={{ team, key: patchKey }}>
      {children ?? patchKey}
    </Link>
  );
}

export function SprintLink({ n, children }: { n: number; children?: ReactNode }) {
  const team = useTeamKey();
  return (
    <Link className="link" to="/t/$team/sprints/$n" params={{ team, n: String(n) }}>
      {children ?? `Sprint ${n}`}
    </Link>
  );
}

export function BurndownLink({ n, className = 'btn small' }: { n: number; className?: string }) {
  const team = useTeamKey();
  return (
    <Link className={className} to="/t/$team/burndown" params={{ team }} search={{ sprint: String(n) }}>
      Burndown
    </Link>
  );
}

export function SprintReportLink({ n, className = 'btn' }: { n: number; className?: string }) {
  const team = useTeamKey();
  return (
    <Link className={className} to="/t/$team/sprints/$n/report" params={{ team, n: String(n) }}>
      Sprint report
    </Link>
  );
}

export function ReviewLink({
  n,
  className = 'btn',
  children,
}: {
  n: number;
  className?: string;
  children?: ReactNode;
}) {
  const team = useTeamKey();
  return (
    <Link className={className} to="/t/$team/sprints/$n/review" params={{ team, n: String(n) }}>
      {children ?? 'Review'}
    </Link>
  );
}

export function TeamLink({
  to,
  className = 'btn',
  children,
}: {
  to: 'backlog' | 'board' | 'sprints' | 'imports' | 'burndown' | 'reports' | 'calendar';
  className?: string;
  children: ReactNode;
}) {
  const team = useTeamKey();
  return (
    <Link className={className} to={`/t/$team/${to}`} params={{ team }}>
      {children}
    </Link>
  );
}

export function AssetLink({ id, children }: { id: string; children: ReactNode }) {
  const team = useTeamKey();
  return (
    <Link className="link" to="/t/$team/assets/$id" params={{ team, id }}>
      {children}
    </Link>
  );
}

export function VulnerabilityLink({ id }: { id: string }) {
  return (
    <Link className="link" to="/vulnerabilities/$cve" params={{ cve: id }}>
      {id}
    </Link>
  );
}
