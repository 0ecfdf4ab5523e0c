import { useTitle } from '../../app/title';

export function PatchPage() {
  useTitle('Patch');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Patch</h1>
      </header>
    </div>
  );
}
