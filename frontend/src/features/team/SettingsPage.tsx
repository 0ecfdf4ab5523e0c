import { useTitle } from '../../app/title';

export function SettingsPage() {
  useTitle('Settings');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Settings</h1>
      </header>
    </div>
  );
}
