import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addComment, commentsQuery, deleteComment, editComment, refreshTalk } from '../../../api/content';
import { useLive } from '../../../api/live';
import { useMe, usePermission } from '../../../api/queries';
import type { Comment } from '../../../api/schema';
import { ago, dateTime } from '../../../lib/format';
import { randomId } from '../../../lib/id';
import { Person } from '../../atoms';
import { Button } from '../../Button';
import { ConfirmDialog } from '../../Dialog';
import { announce } from '../../LiveRegion';
import { Markdown } from '../../Markdown';
import { ErrorState, SkeletonRows } from '../../states';
import { toast } from '../../toast';
import { Composer } from './Composer';
import { Files } from './Files';
import './content.css';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
  mayWork: boolean;
}

/** What people say about a patch and attach to it, live. */
export default function Discussion(props: Props) {
  const { team, patchKey, mayWork } = props;
  const client = useQueryClient();
  const me = useMe()?.user.id ?? '';
  const again = () => refreshTalk(client, team, patchKey);
  useLive(
    team,
    (e) => {
      if (e.kind === 'comment.changed' && e.key === patchKey) {
        again();
        announce(`${e.actor.name} said or attached something`);
      }
    },
    true,
  );
  return (
    <>
      <section className="patch-section comments" aria-labelledby="comments">
        <h3 id="comments">Comments</h3>
        <CommentList {...props} me={me} again={again} />
        {mayWork && <NewComment team={team} patchKey={patchKey} me={me} again={again} />}
      </section>
      <Files team={team} patchKey={patchKey} zone={props.zone} me={me} mayWork={mayWork} again={again} />
    </>
  );
}

interface Inner {
  me: string;
  again: () => void;
}

/** The latest page first, shown in the order in which it was said. */
function CommentList({ team, patchKey, zone, me, again }: Props & Inner) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    commentsQuery(team, patchKey),
  );
  const mayManage = usePermission('manage', team);
  if (error && !data)
    return <ErrorState error={error} what="The comments could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} label="Loading comments" />;
  const all = data.pages.flatMap((p) => p.items).toReversed();
  if (all.length === 0) return <p className="muted">Nobody has said anything yet.</p>;
  return (
    <>
      {hasNextPage && (
        <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier
        </Button>
      )}
      <ol className="comment-list">
        {all.map((c) => (
          <CommentView
            key={c.id}
            comment={c}
            team={team}
            patchKey={patchKey}
            zone={zone}
            mine={c.author.id === me}
            mayDelete={c.author.id === me || mayManage}
            again={again}
          />
        ))}
      </ol>
    </>
  );
}

interface ViewProps {
  comment: Comment;
  team: string;
  patchKey: string;
  zone: string;
  mine: boolean;
  mayDelete: boolean;
  again: () => void;
}

function CommentView({ comment: c, team, patchKey, zone, mine, mayDelete, again }: ViewProps) {
  const [mode, setMode] = useState<'read' | 'edit' | 'delete'>('read');
  const read = () => setMode('read');
  const save = async (body: string) => {
    await editComment(team, patchKey, c, body);
    again();
    read();
  };
  const remove = async () => {
    await deleteComment(team, patchKey, c.id);
    again();
    toast({ text: 'Comment deleted' });
  };
  return (
    <li className="comment">
      <header>
        <Person name={c.author.name} />
        <time dateTime={c.created_at} title={dateTime(c.created_at, zone)}>
          {ago(c.created_at)}
        </time>
        {c.edited_at && (
          <span className="muted small" title={`Edited ${dateTime(c.edited_at, zone)}`}>
            edited
          </span>
        )}
        <span className="comment-tools">
          {mine && mode !== 'edit' && (
            <Button small variant="ghost" onClick={() => setMode('edit')}>
              Edit<span className="sr"> your comment</span>
            </Button>
          )}
          {mayDelete && (
            <Button small variant="ghost" onClick={() => setMode('delete')}>
              Delete<span className="sr"> the comment of {c.author.name}</span>
            </Button>
          )}
        </span>
      </header>
      {mode === 'edit' ? (
        <Composer
          team={team}
          draft={`comment ${c.id} ${c.version}`}
          start={c.body}
          label="Your comment"
          action="Save"
          onSend={save}
          onCancel={read}
        />
      ) : (
        <Markdown text={c.body} names={c.mentions.map((m) => m.name)} />
      )}
      <ConfirmDialog
        open={mode === 'delete'}
        onClose={read}
        title="Delete this comment?"
        text="It cannot be brought back. That there was one stays in the activity."
        action="Delete comment"
        run={remove}
      />
    </li>
  );
}

function NewComment({ team, patchKey, me, again }: Inner & { team: string; patchKey: string }) {
  const [intent, setIntent] = useState(randomId);
  const send = async (body: string) => {
    await addComment(team, patchKey, body, intent);
    setIntent(randomId());
    again();
    announce('Your comment is there');
  };
  return (
    <Composer
      team={team}
      draft={`new ${me} ${patchKey}`}
      start=""
      label="New comment"
      action="Comment"
      hint="Markdown; @ and a name mentions somebody; Ctrl Enter sends it"
      onSend={send}
    />
  );
}
