import type { ResourceType } from '../../manifest/index.js'

interface Duplicated {
  readonly name: string
  readonly resource_type: ResourceType
  readonly unique_id: string
  readonly original_file_path: string
  readonly source_name?: string
  readonly test_metadata?: unknown
  readonly column_name?: string | null
  readonly file_key_name?: string
}

const PLURALS: { readonly [K in ResourceType]?: string } = {
  analysis: 'analyses',
  saved_query: 'saved_queries',
  test: 'data_tests',
}

/** `models`, `analyses`, `data_tests`: dbt's plurals. */
export function pluralOf(type: ResourceType): string {
  return PLURALS[type] ?? `${type}s`
}

/** What dbt says of two resources that cannot be told apart. */
export function duplicateMessage(first: Duplicated, second: Duplicated): string {
  const plural = first.resource_type === second.resource_type ? pluralOf(first.resource_type) : 'resources'
  let name = first.name
  let action = 'looking for'
  let what = name
  if (['model', 'seed', 'snapshot'].includes(first.resource_type)) what = `ref("${name}")`
  else if (first.resource_type === 'source') {
    what = `source("${first.source_name}", "${first.name}")`
    name = `${first.source_name}_${first.name}`
  } else if (first.resource_type === 'doc') what = `doc("${name}")`
  else if (first.resource_type === 'test' && first.test_metadata !== undefined) {
    const column = first.column_name ? `column "${first.column_name}" in ` : ''
    name = `${first.name}" defined on ${column}"${first.file_key_name}`
    action = 'running'
    what = 'tests'
  }
  return (
    `dbt found two ${plural} with the name "${name}".\n\n` +
    'Since these resources have the same name, dbt will be unable to find the correct resource\n' +
    `when ${action} ${what}.\n\n` +
    'To fix this, change the name of one of these resources:\n' +
    `- ${first.unique_id} (${first.original_file_path})\n` +
    `- ${second.unique_id} (${second.original_file_path})`
  )
}
