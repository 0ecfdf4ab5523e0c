import { useQuery } from '@tanstack/react-query';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
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
        <TableHead columns={['Kind of file', 'What it brings', 'Where it comes from']} />
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
