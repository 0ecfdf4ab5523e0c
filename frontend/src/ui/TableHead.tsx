interface Column {
  text: string;
  /** Of numbers, which stand at the right. */
  num?: boolean;
  /** Read aloud only. */
  sr?: boolean;
}

/** The head of a table: the names of its columns. */
export const TableHead = ({ columns }: { columns: readonly (string | Column)[] }) => (
  <thead>
    <tr>
      {columns.map((c) => {
        const { text, num, sr }: Column = typeof c === 'string' ? { text: c } : c;
        return (
          <th key={text} scope="col" className={num ? 'num' : undefined}>
            {sr ? <span className="sr">{text}</span> : text}
          </th>
        );
      })}
    </tr>
  </thead>
);
