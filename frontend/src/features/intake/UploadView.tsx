import { bytesText } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Progress } from '../../ui/Progress';
import { forgetUpload, retryUpload, stopUpload, type Upload } from './uploads';

/** A file until the server has it. */
export function UploadView({ upload: u }: { upload: Upload }) {
  const over = u.state === 'failed' || u.state === 'stopped';
  return (
    <li className="job">
      <div className="job-head">
        <b>{u.file.name}</b>
        <span className="job-meta">{bytesText(u.file.size)}</span>
        <span className="push">
          {over && (
            <Button small onClick={() => retryUpload(u.id)}>
              Send again
            </Button>
          )}
          <Button small onClick={() => (over ? forgetUpload(u.id) : stopUpload(u.id))}>
            {over ? 'Dismiss' : 'Stop'}
          </Button>
        </span>
      </div>
      {u.state === 'sending' && (
        <div className="job-progress">
          <Progress label={`Sending ${u.file.name}`} value={u.file.size ? u.sent / u.file.size : null} />
          <span>
            {u.sent >= u.file.size ? 'Waiting for the server' : `${bytesText(u.sent)} of ${bytesText(u.file.size)}`}
          </span>
        </div>
      )}
      {u.state === 'waiting' && <span className="job-meta">Waits for the files before it</span>}
      {u.state === 'stopped' && <span className="job-meta">Stopped before it was complete</span>}
      {u.problem && (
        <div className="form-problem" role="alert">
          {u.problem.detail || u.problem.title}
          {u.problem.request_id && <div className="job-meta">Request {u.problem.request_id}</div>}
        </div>
      )}
    </li>
  );
}
