import './sprint.css';

/** Numbers of a sprint, each over what it counts. */
export const Figures = ({ of }: { of: readonly (readonly [value: string, label: string])[] }) => (
  <dl className="frozen">
    {of.map(([value, label]) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
