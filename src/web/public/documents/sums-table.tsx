/** A table of sums for paper: a line for each building, and the line of all under it. */
import { Scroll } from '../../kit/scroll.tsx';
import { t } from './document-words.ts';

export type SumsTableProps = {
  readonly caption: string;
  /** The first one is of the names. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
  readonly total?: readonly string[];
};

const Line = ({ name, cells }: SumsTableProps['rows'][number]) => (
  <tr>
    <th scope="row">{name}</th>
    {cells.map((cell, at) => (
      // Columns never move, so their place is their key.
      <td class="number" key={at}>
        {cell}
      </td>
    ))}
  </tr>
);

export function SumsTable({ caption, columns, rows, total }: SumsTableProps) {
  return (
    <Scroll label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.name} {...row} />
          ))}
          {total !== undefined && <Line name={t('sum')} cells={total} />}
        </tbody>
      </table>
    </Scroll>
  );
}
