import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { longDay } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Textarea } from '../../ui/Field';
import { announce } from '../../ui/LiveRegion';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { readDigest } from './queries';

/** The stand-up as Markdown, to be sent to those who were not there. */
export function Digest({ team, day, onClose }: { team: string; day: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['standups', team, day, 'digest'],
    queryFn: () => readDigest(team, day),
    staleTime: 0,
  });
  const text = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(data?.markdown ?? '');
    } catch {
      text.current?.select(); // the clipboard API is missing over plain http
      if (!document.execCommand('copy')) return;
    }
    setCopied(true);
    announce('Copied');
  };
  return (
    <Dialog open wide onClose={onClose} title={`Digest of ${longDay(day)}`}>
      {error && !data && (
        <ErrorState error={error} what="The digest could not be loaded" retry={() => void refetch()} />
      )}
      {!data && !error && <SkeletonRows rows={4} label="Loading the digest" />}
      {data && <Textarea ref={text} readOnly rows={16} aria-label="Digest as Markdown" value={data.markdown} />}
      <Actions>
        <Button onClick={onClose}>Close</Button>
        <Button variant="primary" reason={!data && 'Loading'} onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy as Markdown'}
        </Button>
      </Actions>
    </Dialog>
  );
}
