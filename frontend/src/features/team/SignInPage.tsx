import { useTitle } from '../../app/title';

export function SignInPage() {
  useTitle('Sign in');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Sign in</h1>
      </header>
    </div>
  );
}
