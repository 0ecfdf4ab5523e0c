import { apiBase, clientId, refreshSession } from '../../api/client';
import { networkProblem, ProblemError, problemOf } from '../../api/problem';
import type { Import } from '../../api/schema';

export interface ImportOptions {
  scope: 'full' | 'partial';
  /** The asset the report is about; empty when the file says it. */
  asset: string;
  /** "auto", or the format to insist on. */
  format: string;
}

interface Upload {
  team: string;
  file: File;
  options: ImportOptions;
  /** The same for every try, so that a repeat imports once. */
  key: string;
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

/** Sends a file. XMLHttpRequest, because fetch still cannot tell how much of a body has been sent. */
export async function uploadImport(upload: Upload): Promise<Import> {
  const first = await send(upload);
  if (first.status !== 401 || !(await refreshSession())) return answer(first);
  return answer(await send(upload));
}

/** The address of an import with its options. Exported for the tests. */
export function importURL(team: string, file: string, options: ImportOptions): string {
  const query = new URLSearchParams({ format: options.format || 'auto', scope: options.scope });
  if (options.asset.trim()) query.set('asset', options.asset.trim());
  query.set('filename', file.slice(0, 300));
  return `${apiBase}/teams/${encodeURIComponent(team)}/imports?${query}`;
}

function send({ team, file, options, key, onProgress, signal }: Upload): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', importURL(team, file.name, options));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-Client-Id', clientId);
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => resolve(request);
    request.onerror = () => reject(new ProblemError(networkProblem()));
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    if (signal.aborted) reject(new DOMException('The upload was stopped.', 'AbortError'));
    else request.send(file);
  });
}

function answer(request: XMLHttpRequest): Import {
  let body: unknown = null;
  try {
    body = JSON.parse(request.responseText);
  } catch {
    // a proxy's HTML page: the status tells enough
  }
  if (request.status >= 200 && request.status < 300 && body) return body as Import;
  const headers = { 'X-Request-Id': request.getResponseHeader('X-Request-Id') ?? '' };
  const status = request.status >= 200 && request.status <= 599 ? request.status : 500;
  throw new ProblemError(problemOf(body, new Response(null, { status, headers })));
}
