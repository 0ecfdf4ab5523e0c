import { useTitle } from '../../app/title';

export function UsersPage() {
  useTitle('People');
  return (
    <div className="page">
      <header className="page-head">
        <h1>People</h1>
      </header>
    </div>
  );
}
