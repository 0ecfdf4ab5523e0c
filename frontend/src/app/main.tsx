import '@fontsource-variable/inter/wght.css';
import './tokens.css';
import './base.css';
import '../ui/ui.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { notifyManager, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { createStore, useStore } from '../lib/store';
import { onFirstToast } from '../ui/toast';
import { createAppRouter } from './router';
import { createQueryClient, keepSession } from './session';
import { startShortcuts } from './shortcuts';

const Toaster = lazy(() => import('../ui/Toaster'));
const toasted = createStore(false);
onFirstToast(() => toasted.set(true));
const Toasts = () => useStore(toasted) && <Toaster />;

// a new release deletes the chunks of the one this page belongs to: load the new page, but never in a loop
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem('reloaded', String(Date.now()));
  event.preventDefault();
  location.reload();
});

// most visits begin at the backlog: its code need not wait for the session
if (/^\/(t\/[^/]+\/backlog)?$/.test(location.pathname)) void import('../features/backlog/BacklogPage').catch(() => {});

// before the next frame: by default a timer, and a checkbox that was clicked would show its old state for a moment
notifyManager.setScheduler(queueMicrotask);
const queryClient = createQueryClient();
const router = createAppRouter(queryClient);
keepSession(queryClient, router);
startShortcuts();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <CSPProvider disableStyleElements>
          <RouterProvider router={router} />
          <Suspense>
            <Toasts />
          </Suspense>
        </CSPProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
