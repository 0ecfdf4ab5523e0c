import { useTitle } from '../../app/title';

export function SetUpPage() {
  useTitle('Set up');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Set up</h1>
      </header>
    </div>
  );
}
