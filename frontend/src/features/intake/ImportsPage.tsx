import './intake.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLive } from '../../api/live';
import { usePermission } from '../../api/queries';
import { useTitle } from '../../app/title';
import { LoadMore } from '../../ui/LoadMore';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { ImportForm } from './ImportForm';
import { JobView } from './JobView';
import { importKeys, importsQuery } from './queries';
import { UploadView } from './UploadView';
import { setUploadHandler, useUploads } from './uploads';

/** Reports and feeds in: drop files, watch them being read, see what they changed. */
export function ImportsPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Imports · ${team}`);
  const mayImport = usePermission('import');
  const client = useQueryClient();
  useEffect(() => {
    setUploadHandler((of, job) => {
      client.setQueryData(importKeys.one(of, job.id), job);
      void client.invalidateQueries({ queryKey: importKeys.list(of) });
    });
  }, [client]);
  useLive(team, (event) => {
    if (event.kind === 'reset') void client.invalidateQueries({ queryKey: importKeys.all(team) });
    if (event.kind !== 'import.progress') return;
    const known = event.key && client.getQueryData(importKeys.one(team, event.key));
    const queryKey = known && event.key ? importKeys.one(team, event.key) : importKeys.list(team);
    void client.invalidateQueries({ queryKey });
  });
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Imports</h1>
          <p>
            Scanner reports become findings, findings become patches in the backlog.{' '}
            <Link to="/feeds" className="link">
              Feeds
            </Link>{' '}
            bring files by themselves.
          </p>
        </div>
      </header>
      <div className="import-columns">
        <div className="import-form">
          {mayImport ? (
            <ImportForm team={team} />
          ) : (
            <p className="readonly-note">Viewers see what was imported; members import reports.</p>
          )}
        </div>
        <Uploads team={team} />
        <History team={team} mayImport={mayImport} />
      </div>
    </div>
  );
}

function Uploads({ team }: { team: string }) {
  const uploads = useUploads(team);
  if (uploads.length === 0) return null;
  return (
    <section aria-label="Files on their way">
      <h2>On their way</h2>
      <ul className="jobs sheet">
        {uploads.map((u) => (
          <UploadView key={u.id} upload={u} />
        ))}
      </ul>
    </section>
  );
}

function History({ team, mayImport }: { team: string; mayImport: boolean }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(importsQuery(team));
  const jobs = data?.pages.flatMap((p) => p.items) ?? [];
  if (error && !data) {
    return <ErrorState error={error} what="The imports could not be loaded" retry={() => void refetch()} />;
  }
  if (!data) return <SkeletonRows label="Loading imports" />;
  if (jobs.length === 0) {
    return (
      <EmptyState title="Nothing was imported yet">
        {mayImport
          ? 'Start with a report of your scanner; add CISA KEV and EPSS files so that the scores know what is exploited.'
          : 'A member of the team can import the first report.'}
      </EmptyState>
    );
  }
  return (
    <section aria-label="History">
      <h2>History</h2>
      <ul className="jobs sheet">
        {jobs.map((job) => (
          <JobView key={job.id} team={team} listed={job} />
        ))}
      </ul>
      <LoadMore more={hasNextPage} busy={isFetchingNextPage} load={() => void fetchNextPage()} />
    </section>
  );
}
