import { useTitle } from '../../app/title';

export function SprintsPage() {
  useTitle('Sprints');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Sprints</h1>
      </header>
    </div>
  );
}
