import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type RefObject, useLayoutEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { rulesQuery } from '../../api/rules';
import './scale.css';

interface Props {
  /** The field they stand below. */
  field: RefObject<HTMLInputElement | null>;
  label: string;
  onPick: (points: number) => void;
}

/** The values of the team's scale below a field; the field keeps the focus, so that one may type as well. */
export default function ScaleButtons({ field, label, onPick }: Props) {
  const { team = '' } = useParams({ strict: false });
  const { data: rules } = useQuery(rulesQuery(team));
  const [at, setAt] = useState<{ top: number; right: number } | null>(null);
  useLayoutEffect(() => {
    const place = () => {
      const box = field.current?.getBoundingClientRect();
      if (box) setAt({ top: Math.min(box.bottom + 4, innerHeight - 80), right: Math.max(8, innerWidth - box.right) });
    };
    place();
    addEventListener('scroll', place, true);
    addEventListener('resize', place);
    return () => {
      removeEventListener('scroll', place, true);
      removeEventListener('resize', place);
    };
  }, [field]);
  if (!rules || !at) return null;
  return createPortal(
    <fieldset className="scale-buttons" aria-label={`${label}: values of the team's scale`} style={at}>
      {rules.scale.values.map((v) => (
        <button
          key={v.label}
          type="button"
          className="btn small"
          tabIndex={-1}
          title={v.label === String(v.points) ? undefined : `${v.points} points`}
          onPointerDown={(e) => e.preventDefault()}
          onClick={() => onPick(v.points)}
        >
          {v.label}
        </button>
      ))}
    </fieldset>,
    document.body,
  );
}
