import { useTitle } from '../../app/title';

export function BacklogPage() {
  useTitle('Backlog');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Backlog</h1>
      </header>
    </div>
  );
}
