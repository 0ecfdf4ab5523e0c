import { useTitle } from '../../app/title';

export function MembersPage() {
  useTitle('Members');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Members</h1>
      </header>
    </div>
  );
}
