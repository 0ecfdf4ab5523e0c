import { useTitle } from '../../app/title';

export function ImportsPage() {
  useTitle('Imports');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Imports</h1>
      </header>
    </div>
  );
}
