/** @file The head cells of a table whose columns have a name each. */

/** @param titles all different */
export const ColumnHeads = ({ titles }: { readonly titles: readonly string[] }) =>
  titles.map((title) => (
    <th key={title} scope="col">
      {title}
    </th>
  ));
