import { useQuery } from '@tanstack/react-query';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TableScroll } from '../../ui/TableScroll';
import { formatsQuery } from './queries';

/** Every kind of file that can be imported, with a command that makes one. */
export function KnownFormats() {
  return (
    <details className="known-formats">
      <summary>What can be imported</summary>
      <Table />
    </details>
  );
}

function Table() {
  const { data, error, refetch } = useQuery(formatsQuery);
  if (error && !data)
    return <ErrorState error={error} what="The list could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows label="Loading the kinds of file" />;
  return (
    <TableScroll label="Kinds of file">
      <table className="data">
        <thead>
          <tr>
            <th scope="col">Kind of file</th>
            <th scope="col">What it brings</th>
            <th scope="col">Where it comes from</th>
          </tr>
        </thead>
        <tbody>
          {data.map((f) => (
            <tr key={f.id}>
              <th scope="row">{f.title}</th>
              <td>{f.brings}</td>
              <td>{f.example && <code>{f.example}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
