import { useTitle } from '../../app/title';

export function AccountPage() {
  useTitle('Account');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Account</h1>
      </header>
    </div>
  );
}
