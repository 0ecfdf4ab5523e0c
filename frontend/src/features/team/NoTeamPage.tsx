import { useTitle } from '../../app/title';

export function NoTeamPage() {
  useTitle('No team');
  return (
    <div className="page">
      <header className="page-head">
        <h1>No team</h1>
      </header>
    </div>
  );
}
