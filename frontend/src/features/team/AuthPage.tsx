import './auth.css';
import type { ReactNode } from 'react';
import type { Meta } from '../../api/schema';

/** The frame of the pages that need no session. */
export const AuthPage = ({ children }: { children: ReactNode }) => (
  <main className="auth" id="main">
    <div className="logo">
      <img src="/favicon.svg" width="28" height="28" alt="" />
      Patchline
    </div>
    <div className="auth-card">{children}</div>
  </main>
);

/** Can this browser keep the session's cookies at this address? */
export const cookiesWork = (meta: Meta | undefined) => isSecureContext || !meta || meta.plain_http;

/** Why signing in cannot work here, and the ways out. */
export function CookieNotice({ meta }: { meta: Meta | undefined }) {
  if (cookiesWork(meta)) return null;
  return (
    <div className="notice" role="alert">
      <b>Signing in cannot work at this address.</b> The session’s cookies are sent over https only, and {location.host}{' '}
      is opened over plain http. Open this page over https, or on the server itself at http://localhost
      {location.port && `:${location.port}`}. In a network you trust, start the server with <code>--plain-http</code>.
    </div>
  );
}
