import './team.css';
import { useMe } from '../../api/queries';
import { setSingleKeys, useSingleKeys } from '../../app/shortcuts';
import { setTheme, useThemeChoice } from '../../app/theme';
import { useTitle } from '../../app/title';
import { roleLabel } from '../../lib/domain';
import { Switch } from '../../ui/Field';
import { Section } from '../../ui/Section';
import { Segmented } from '../../ui/Segmented';
import { NotificationsSection } from './NotificationsSection';
import { PasswordSection } from './PasswordSection';
import { SessionsSection } from './SessionsSection';
import { TokensSection } from './TokensSection';

/** One's own account: what others see, how to sign in, and how this browser behaves. */
export function AccountPage() {
  useTitle('Account');
  const me = useMe();
  if (!me) return null;
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>{me.user.name}</h1>
          <p>{me.user.email} · an administrator can change name and e-mail</p>
        </div>
      </header>
      <div className="columns">
        <BrowserSection />
        <Section title="Teams">
          {me.teams.length === 0 ? (
            <p className="muted">You belong to no team yet.</p>
          ) : (
            <ul className="plain-list">
              {me.teams.map((t) => (
                <li key={t.key}>
                  {t.name} ({t.key}) · {roleLabel[t.role]}
                </li>
              ))}
            </ul>
          )}
        </Section>
        <NotificationsSection />
        <PasswordSection />
        <SessionsSection />
        <TokensSection />
      </div>
    </div>
  );
}

function BrowserSection() {
  const theme = useThemeChoice();
  const singleKeys = useSingleKeys();
  return (
    <Section title="This browser">
      <div className="form">
        <Segmented
          label="Theme"
          value={theme}
          onChange={setTheme}
          options={[
            ['light', 'Light'],
            ['dark', 'Dark'],
            ['system', 'As the system'],
          ]}
        />
        <Switch
          label="Single-key shortcuts"
          hint="Letters such as C or J act at once. Switch them off if you dictate or press keys by accident; combinations with Ctrl or Alt stay."
          checked={singleKeys}
          onChange={(e) => setSingleKeys(e.target.checked)}
        />
      </div>
    </Section>
  );
}
