import { useParams } from '@tanstack/react-router';
import { inTimeText, unlikely, useOnTime } from './onTime';
import './in-time.css';

interface Props {
  patchKey: string;
  /** Shows only what is less likely in time than not. */
  warning?: boolean;
}

/** The chance of a patch to be in time, as a number; red with a mark where it is less likely than not. */
export default function InTimeCell({ patchKey, warning }: Props) {
  const { team = '' } = useParams({ strict: false });
  const { data: item } = useOnTime(team, patchKey);
  const p = item?.p_on_time;
  if (!item || p === null || p === undefined) return warning ? null : <span className="muted">–</span>;
  if (warning && !unlikely(p)) return null;
  const text = `In time: ${inTimeText(item, p)}`;
  return (
    <span className="in-time" data-unlikely={unlikely(p) || undefined} title={text}>
      {unlikely(p) && '! '}
      {Math.round(p * 100)} %<span className="sr"> {warning ? text : ''}</span>
    </span>
  );
}
