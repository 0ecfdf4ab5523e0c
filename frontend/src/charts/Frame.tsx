import type { ReactNode, Ref } from 'react';

interface Props {
  /** Measures the room there is. */
  box: Ref<HTMLDivElement>;
  svg: Ref<SVGSVGElement>;
  /** The chart in one sentence, for those who hear it. */
  summary: string;
  /** Nothing is drawn before the room is measured. */
  size: { width: number; height: number } | undefined;
  children: ReactNode;
}

/** The picture around a chart: as wide as its room, told as one image. */
export function Frame({ box, svg, summary, size, children }: Props) {
  return (
    <div ref={box} className="chart">
      {size && (
        <svg
          ref={svg}
          role="img"
          aria-label={summary}
          width={size.width}
          height={size.height}
          viewBox={`0 0 ${size.width} ${size.height}`}
        >
          {children}
        </svg>
      )}
    </div>
  );
}
