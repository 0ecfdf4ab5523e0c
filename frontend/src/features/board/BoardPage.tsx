import { useTitle } from '../../app/title';

export function BoardPage() {
  useTitle('Sprint board');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Sprint board</h1>
      </header>
    </div>
  );
}
