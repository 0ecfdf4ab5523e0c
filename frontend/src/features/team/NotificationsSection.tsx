import './notifications.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { api, call } from '../../api/client';
import { useMe } from '../../api/queries';
import type { MailKind, MailWhen, NoticeChoices, NoticeChoicesPatch } from '../../api/schema';
import { mailLabel, mayBe, whenLabel } from '../../lib/news';
import { Button } from '../../ui/Button';
import { Checkbox, Field, Input, NumberField } from '../../ui/Field';
import { Section } from '../../ui/Section';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TableScroll } from '../../ui/TableScroll';
import { TimeZoneField } from '../../ui/TimeZoneField';
import { toast, toastError } from '../../ui/toast';
import { choicesQuery, teamKeys } from './queries';

const whens = Object.keys(whenLabel) as MailWhen[];

/** What one is mailed, and when. A mail's link leads here, so the page comes to this part by itself. */
export function NotificationsSection() {
  const { data, error, refetch } = useQuery(choicesQuery);
  const place = useRef<HTMLDivElement>(null);
  const there = !!data;
  useEffect(() => {
    if (there && location.hash === '#notifications') place.current?.scrollIntoView();
  }, [there]);
  return (
    <div ref={place} className="notice-place">
      <Section title="Notifications" text="What you are mailed. The inbox has everything, always.">
        {error && !data ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : data ? (
          <Choices choices={data} />
        ) : (
          <SkeletonRows rows={9} label="Loading your choices" />
        )}
      </Section>
    </div>
  );
}

function Choices({ choices }: { choices: NoticeChoices }) {
  const me = useMe();
  const change = useChange();
  const choose = (kind: MailKind, was: MailWhen, mail: MailWhen) =>
    change({ kinds: [{ kind, mail }] }, { kinds: [{ kind, mail: was }] }, `${mailLabel[kind][0]}: ${whenLabel[mail]}`);
  return (
    <>
      {choices.mail_from ? (
        <p className="muted">
          Mail comes from {choices.mail_from} to {me?.user.email}. “At once” waits some minutes for more of the same,
          and while a sprint is planned until it starts, so that a planning session is one mail.
        </p>
      ) : (
        <p className="notice-none" role="note">
          This server sends no mail: its settings name no mail server. Your choices hold once they do.
        </p>
      )}
      {me?.user.admin && (
        <p className="notice-sent">
          <Link className="link" to="/admin/mail">
            What was mailed to whom
          </Link>
        </p>
      )}
      <TableScroll label="What is mailed">
        <table className="data notice-table">
          <thead>
            <tr>
              <th scope="col">About</th>
              {whens.map((w) => (
                <th key={w} scope="col" className="notice-when">
                  {whenLabel[w]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {choices.kinds.map(({ kind, mail }) => (
              <tr key={kind}>
                <th scope="row">
                  {mailLabel[kind][0]}
                  <small>{mailLabel[kind][1]}</small>
                </th>
                {whens.map((when) => (
                  <td key={when} className="notice-when">
                    {mayBe(kind, when) && (
                      <label>
                        <input
                          type="radio"
                          name={`mail-${kind}`}
                          checked={mail === when}
                          onChange={() => choose(kind, mail, when)}
                        />
                        <span className="sr">
                          {mailLabel[kind][0]}: {whenLabel[when]}
                        </span>
                      </label>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <Times choices={choices} />
      <Teams choices={choices} />
    </>
  );
}

/** When the morning's mail comes, and how early one is warned. */
function Times({ choices }: { choices: NoticeChoices }) {
  const change = useChange();
  const { digest_at, due_days, time_zone } = choices;
  const setDays = (text: string) => {
    const days = Number(text);
    if (text === '' || !Number.isInteger(days) || days < 0 || days > 30 || days === due_days) return;
    change({ due_days: days }, { due_days }, `You are warned ${days} days before`);
  };
  const setZone = (zone: string, text: string) => change({ time_zone: zone }, { time_zone }, text);
  return (
    <div className="form notice-times">
      <Field label="Morning's mail at" required>
        <Input
          key={digest_at}
          type="time"
          defaultValue={digest_at}
          onBlur={(e) => {
            const at = e.target.value;
            if (at && at !== digest_at) change({ digest_at: at }, { digest_at }, `The morning's mail comes at ${at}`);
          }}
        />
      </Field>
      <div>
        <TimeZoneField
          value={time_zone}
          hint={time_zone ? 'By its clocks.' : 'Without one, that of your first team.'}
          onChange={(zone) => setZone(zone, `The morning's mail comes by the clocks of ${zone}`)}
        />
        {time_zone && (
          <Button
            small
            variant="ghost"
            onClick={() => setZone('', "The morning's mail comes by your first team's clocks")}
          >
            As my first team
          </Button>
        )}
      </div>
      <Field label="Warn of due dates" required hint="Days before; 0 for not before. This holds for the inbox, too.">
        <NumberField key={due_days} min={0} max={30} defaultValue={due_days} onBlur={(e) => setDays(e.target.value)} />
      </Field>
    </div>
  );
}

function Teams({ choices }: { choices: NoticeChoices }) {
  const teams = useMe()?.teams ?? [];
  const change = useChange();
  const { muted_teams } = choices;
  if (teams.length === 0) return null;
  const turn = (key: string, name: string, on: boolean) => {
    const now = on ? muted_teams.filter((k) => k !== key) : [...muted_teams, key];
    change({ muted_teams: now }, { muted_teams }, `${name} ${on ? 'mails you again' : 'mails you nothing'}`);
  };
  return (
    <fieldset className="checks notice-teams">
      <legend>Teams that mail you</legend>
      {teams.map((t) => (
        <Checkbox
          key={t.key}
          label={`${t.name} (${t.key})`}
          checked={!muted_teams.includes(t.key)}
          onChange={(e) => turn(t.key, t.name, e.target.checked)}
        />
      ))}
    </fieldset>
  );
}

/** Changes take effect at once; what was before is one press away. */
function useChange() {
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (body: NoticeChoicesPatch) => call(api.PATCH('/inbox/choices', { body })),
    onMutate: (body) => client.setQueryData(teamKeys.choices, (was?: NoticeChoices) => was && apply(was, body)),
    onSuccess: (now) => client.setQueryData(teamKeys.choices, now),
    onError: (error) => {
      toastError(error, 'Your choice was not kept');
      void client.invalidateQueries({ queryKey: teamKeys.choices });
    },
  });
  return (to: NoticeChoicesPatch, back: NoticeChoicesPatch, text: string) =>
    send.mutate(to, { onSuccess: () => toast({ text, undo: () => send.mutateAsync(back) }) });
}

function apply(was: NoticeChoices, { kinds, ...rest }: NoticeChoicesPatch): NoticeChoices {
  const mail = (kind: MailKind) => kinds?.find((k) => k.kind === kind)?.mail;
  return { ...was, ...rest, kinds: was.kinds.map((k) => ({ kind: k.kind, mail: mail(k.kind) ?? k.mail })) };
}
