import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const backend = process.env.BACKEND ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // assetsInlineLimit 0: a data: URL in CSS would need font-src and img-src exceptions in the policy
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // what many pages share is one file: thirty small ones cost more in headers than in content; the
    // library of forms is a file of its own, because the first view of the backlog has no form
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'shared', test: /\/src\/(?!ui\/form\.).*\.tsx?$/, minShareCount: 9, priority: 2 },
            { name: 'forms', test: /\/src\/ui\/form\.tsx$|\/react-hook-form\//, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': backend, '/healthz': backend } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
});
