import { useTitle } from '../../app/title';

export function BurndownPage() {
  useTitle('Burndown');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Burndown</h1>
      </header>
    </div>
  );
}
