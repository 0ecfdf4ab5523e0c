import { useTitle } from '../../app/title';

export function SprintPage() {
  useTitle('Sprint');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Sprint</h1>
      </header>
    </div>
  );
}
