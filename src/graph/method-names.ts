/** The selection methods of dbt-core 1.11, `selector` of 1.12, `column`, which is ours, and `function` (as dbt v2 has it). */
export const METHOD_NAMES = [
  'fqn',
  'tag',
  'group',
  'access',
  'source',
  'path',
  'file',
  'package',
  'config',
  'test_name',
  'test_type',
  'resource_type',
  'state',
  'exposure',
  'metric',
  'result',
  'source_status',
  'version',
  'semantic_model',
  'saved_query',
  'unit_test',
  'function',
  'selector',
  'column',
] as const

export type MethodName = (typeof METHOD_NAMES)[number]

export function isMethodName(name: string): name is MethodName {
  return (METHOD_NAMES as readonly string[]).includes(name)
}
