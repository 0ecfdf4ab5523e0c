import { useTitle } from '../../app/title';

export function InvitePage() {
  useTitle('Invitation');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Invitation</h1>
      </header>
    </div>
  );
}
