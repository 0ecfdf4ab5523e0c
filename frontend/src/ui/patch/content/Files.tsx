import { useQuery } from '@tanstack/react-query';
import { type MouseEvent, useState } from 'react';
import { attachFile, deleteFile, fileAddress, filesQuery, largestFile, readFile } from '../../../api/content';
import { toProblem } from '../../../api/problem';
import { usePermission } from '../../../api/queries';
import type { Attachment } from '../../../api/schema';
import { bytesText, dateTime } from '../../../lib/format';
import { Button } from '../../Button';
import { ConfirmDialog } from '../../Dialog';
import { FileDrop } from '../../FileDrop';
import { announce } from '../../LiveRegion';
import { ErrorState, SkeletonRows } from '../../states';
import { toast, toastError } from '../../toast';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
  me: string;
  mayWork: boolean;
  again: () => void;
}

/** The files attached to a patch. */
export function Files({ team, patchKey, zone, me, mayWork, again }: Props) {
  const { data, error, refetch } = useQuery(filesQuery(team, patchKey));
  const mayManage = usePermission('manage', team);
  const [asked, setAsked] = useState<Attachment | null>(null);
  return (
    <section className="patch-section files" aria-labelledby="files">
      <h3 id="files">Attachments</h3>
      {error && !data ? (
        <ErrorState error={error} what="The attachments could not be loaded" retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={1} label="Loading attachments" />
      ) : (
        <ul className="file-list">
          {data.items.map((f) => (
            <li key={f.id}>
              <FileLink team={team} patchKey={patchKey} file={f} />
              <span className="muted small">
                {bytesText(f.size)} · {f.by.name}, {dateTime(f.created_at, zone)}
              </span>
              {(f.by.id === me || mayManage) && (
                <Button small variant="ghost" onClick={() => setAsked(f)}>
                  Delete<span className="sr"> {f.name}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {data?.items.length === 0 && !mayWork && <p className="muted">No files.</p>}
      {mayWork && <Attach team={team} patchKey={patchKey} again={again} />}
      <ConfirmDialog
        open={!!asked}
        onClose={() => setAsked(null)}
        title={`Delete ${asked?.name ?? ''}?`}
        text="It cannot be brought back."
        action="Delete file"
        run={async () => {
          if (!asked) return;
          await deleteFile(team, patchKey, asked.id);
          again();
          toast({ text: `${asked.name} deleted` });
        }}
      />
    </section>
  );
}

/** A download; through our own request, which renews a session that has run out. */
function FileLink({ team, patchKey, file }: { team: string; patchKey: string; file: Attachment }) {
  const open = async (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      save(await readFile(team, patchKey, file.id), file.name);
    } catch (error) {
      toastError(error, `${file.name} could not be loaded`);
    }
  };
  return (
    <a className="link" href={fileAddress(team, patchKey, file.id)} download={file.name} onClick={(e) => void open(e)}>
      {file.name}
    </a>
  );
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const a = Object.assign(document.createElement('a'), { href: address, download: name });
  a.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function Attach({ team, patchKey, again }: Pick<Props, 'team' | 'patchKey' | 'again'>) {
  const [sending, setSending] = useState('');
  const [problem, setProblem] = useState('');
  const send = async (files: File[]) => {
    setProblem('');
    for (const file of files) {
      if (file.size > largestFile) {
        setProblem(`${file.name} is larger than ${bytesText(largestFile)}, which is the most that can be attached.`);
        break;
      }
      setSending(file.name);
      try {
        await attachFile(team, patchKey, file);
        announce(`${file.name} is attached`);
      } catch (error) {
        setProblem(`${file.name}: ${toProblem(error).detail}`);
        break;
      } finally {
        again();
      }
    }
    setSending('');
  };
  return (
    <>
      <FileDrop
        label={sending ? `Sending ${sending}…` : 'Attach files'}
        hint="Drop them here or choose; at most 20 MB each"
        multiple
        disabled={!!sending}
        onFiles={(f) => void send(f)}
      />
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
