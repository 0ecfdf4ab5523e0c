import './palette.css';
import { Link } from '@tanstack/react-router';
import { Dialog } from '../ui/Dialog';
import { Keys } from './Keys';
import { type Shortcut, useRegisteredShortcuts, useSingleKeys } from './shortcuts';

/** The shortcuts that work on this page. */
export default function Help({ onClose }: { onClose: () => void }) {
  const shortcuts = useRegisteredShortcuts();
  const single = useSingleKeys();
  const groups = new Map<string, Shortcut[]>();
  for (const s of shortcuts) groups.set(s.group, [...(groups.get(s.group) ?? []), s]);
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" wide>
      {!single && (
        <p className="dialog-text">
          Single-key shortcuts are switched off in your{' '}
          <Link to="/account" className="link" onClick={onClose}>
            account
          </Link>
          .
        </p>
      )}
      <div className="keys-columns">
        {[...groups].map(([group, list]) => (
          <section className="keys-group" key={group}>
            <h2>{group}</h2>
            <dl>
              {list.map((s) => {
                const keys = typeof s.keys === 'string' ? [s.keys] : s.keys;
                return (
                  <div key={keys[0]} className="keys-line">
                    <dt>{s.label}</dt>
                    <dd>
                      {keys.map((k) => (
                        <Keys key={k} keys={k} />
                      ))}
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
