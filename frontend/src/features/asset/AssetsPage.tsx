import { useTitle } from '../../app/title';

export function AssetsPage() {
  useTitle('Assets');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Assets</h1>
      </header>
    </div>
  );
}
