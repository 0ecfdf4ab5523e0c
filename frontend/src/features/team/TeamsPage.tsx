import { useTitle } from '../../app/title';

export function TeamsPage() {
  useTitle('Teams');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Teams</h1>
      </header>
    </div>
  );
}
