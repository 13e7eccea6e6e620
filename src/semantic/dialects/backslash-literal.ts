/** String literals of warehouses where a backslash escapes the sign behind it; `quote` is how a quote is written. */
export function backslashLiteral(quote: "''" | "\\'"): (value: string) => string {
  return (value) =>
    `'${value.replaceAll('\\', '\\\\').replaceAll("'", quote).replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
}
