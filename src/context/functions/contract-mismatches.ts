import { getItem, iterate, toStr, type Value } from '../../jinja/index.js'

interface Column {
  readonly name: string
  readonly type: string
}

interface Mismatch {
  readonly cells: readonly [name: string, definition: string, contract: string, reason: string]
}

/**
 * The message of a broken contract: which columns the SQL gives that are not in the contract, are missing or have
 * another type, as a table sorted by name.
 * @param yamlColumns dicts with `name`, `data_type` (and `formatted`): the contract.
 * @param sqlColumns the same of the query.
 */
export function contractMismatches(yamlColumns: Value, sqlColumns: Value): string {
  const contract = columnsOf(yamlColumns)
  if (contract.length === 0) return "This model has an enforced contract, and its 'columns' specification is missing"
  const actual = columnsOf(sqlColumns)
  const mismatches: Mismatch[] = []
  for (const column of actual) {
    const agreed = contract.find(({ name }) => name === column.name)
    if (agreed === undefined) mismatches.push({ cells: [column.name, column.type, '', 'missing in contract'] })
    else if (agreed.type !== column.type) {
      mismatches.push({ cells: [column.name, column.type, agreed.type, 'data type mismatch'] })
    }
  }
  for (const column of contract) {
    if (!actual.some(({ name }) => name === column.name)) {
      mismatches.push({ cells: [column.name, '', column.type, 'missing in definition'] })
    }
  }
  return (
    'This model has an enforced contract that failed.\n' +
    "Please ensure the name, data_type, and number of columns in your contract match the columns in your model's " +
    `definition.\n\n${table(mismatches)}`
  )
}

function columnsOf(value: Value): Column[] {
  return [...iterate(value)].map((column) => ({
    name: toStr(getItem(column, 'name')),
    type: toStr(getItem(column, 'data_type')),
  }))
}

/** agate cuts longer cells. */
const WIDEST = 50

/** dbt's layout: `| column_name | definition_type | contract_type | mismatch_reason |`. */
function table(mismatches: readonly Mismatch[]): string {
  const header: Mismatch['cells'] = ['column_name', 'definition_type', 'contract_type', 'mismatch_reason']
  const cut = (cell: string): string => (cell.length > WIDEST ? `${cell.slice(0, WIDEST - 3)}...` : cell)
  const rows = mismatches.map(({ cells }) => cells.map(cut)).sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(header), rule, ...rows.map(line)].join('\n') + '\n'
}
