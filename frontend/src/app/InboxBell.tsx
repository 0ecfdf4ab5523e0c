import './inbox-bell.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { inboxKeys, unreadQuery } from '../api/inbox';
import { type LiveEvent, useLive } from '../api/live';
import { useMe } from '../api/queries';
import { announce } from '../ui/LiveRegion';

/** The way to the inbox, with how much in it is unread. */
export default function InboxBell({ team }: { team: string | undefined }) {
  const client = useQueryClient();
  const me = useMe()?.user.id ?? '';
  const { data: unread = 0 } = useQuery(unreadQuery);
  const hear = ({ kind, keys }: LiveEvent) => {
    if (kind === 'reset' || (kind === 'inbox.changed' && (!keys?.length || keys.includes(me))))
      void client.invalidateQueries({ queryKey: inboxKeys.all });
  };
  useLive(team, hear, true);
  const before = useRef(unread);
  useEffect(() => {
    if (unread > before.current) announce(`Inbox: ${unread} unread`);
    before.current = unread;
  }, [unread]);
  const shown = unread > 99 ? '99+' : String(unread);
  return (
    <Link
      to="/inbox"
      className="icon-btn inbox-bell"
      aria-label={unread ? `Inbox, ${shown} unread` : 'Inbox'}
      title={unread ? `Inbox: ${shown} unread` : 'Inbox'}
    >
      <Bell size={18} aria-hidden />
      {unread > 0 && (
        <span className="inbox-count" aria-hidden>
          {shown}
        </span>
      )}
    </Link>
  );
}
