import { type DiagnosticKind, diagnostic, PlumbError } from '../../core/diagnostic.js'
import {
  bindArguments,
  getAttr,
  getItem,
  type HostFunction,
  isUndefined,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { Member, NodeScope } from '../node-scope.js'
import { describeSubject } from '../subject.js'
import { warnOrError } from '../warn.js'
import { contractMismatches } from './contract-mismatches.js'

/** `exceptions`: dbt's errors, raised from templates; each says what node it is about. */
export const exceptions: Member = (scope) =>
  Object.fromEntries(Object.entries(RAISERS).map(([name, raise]) => [name, raise(scope)]))

type Raiser = (scope: NodeScope) => HostFunction

/** A function that raises an error of one kind with a message made of its arguments. */
function raiser(
  name: string,
  code: string,
  kind: DiagnosticKind,
  params: readonly string[],
  message: (...values: Value[]) => string,
  defaults: Readonly<Record<string, Value>> = {},
): Raiser {
  return (scope) => (args, kwargs) => {
    const text = message(...bindArguments(name, params, args, kwargs, defaults))
    throw new PlumbError(
      diagnostic(kind, code, text, {
        nodeId: scope.subject.unique_id,
        subject: describeSubject(scope.subject),
      }),
    )
  }
}

const NODE = { node: null }

const RAISERS: Readonly<Record<string, Raiser>> = {
  warn: (scope) => (args, kwargs) => {
    const [message] = bindArguments('warn', ['msg', 'node'], args, kwargs, NODE)
    const msg = toStr(message)
    warnOrError(scope, { name: 'JinjaLogWarning', code: 'I061', level: 'warn', msg, data: { msg } })
    return ''
  },
  warn_snapshot_timestamp_data_types: (scope) => (args, kwargs) => {
    const params = ['snapshot_time_data_type', 'updated_at_data_type']
    const [snapshotType, updatedAtType] = bindArguments('warn_snapshot_timestamp_data_types', params, args, kwargs).map(
      toStr,
    )
    const msg =
      `Data type of snapshot table timestamp columns (${snapshotType}) doesn't match derived column 'updated_at' ` +
      `(${updatedAtType}). Please update snapshot config 'updated_at'.`
    const data = { snapshot_time_data_type: snapshotType, updated_at_data_type: updatedAtType }
    warnOrError(scope, { name: 'SnapshotTimestampWarning', code: 'Q043', level: 'warn', msg, data })
    return null
  },
  raise_compiler_error: raiser('raise_compiler_error', 'raised', 'compilation', ['msg', 'node'], (m) => toStr(m), NODE),
  raise_database_error: raiser('raise_database_error', 'raised', 'database', ['msg', 'node'], (m) => toStr(m), NODE),
  raise_dependency_error: raiser('raise_dependency_error', 'raised', 'runtime', ['msg'], (m) => toStr(m)),
  raise_not_implemented: raiser(
    'raise_not_implemented',
    'not-implemented',
    'compilation',
    ['msg'],
    (m) => `ERROR: ${toStr(m)}`,
  ),
  raise_fail_fast_error: raiser(
    'raise_fail_fast_error',
    'fail-fast',
    'fail-fast',
    ['msg', 'node'],
    (m) => toStr(m),
    NODE,
  ),
  raise_cache_inconsistent: raiser(
    'raise_cache_inconsistent',
    'cache',
    'internal',
    ['message'],
    (m) => `Cache inconsistency detected: ${toStr(m)}`,
  ),
  raise_dataclass_not_dict: raiser(
    'raise_dataclass_not_dict',
    'not-a-dict',
    'compilation',
    ['obj'],
    (obj) =>
      `The object ("${toStr(obj)}") was used as a dictionary. This capability has been removed from objects of this type.`,
  ),
  raise_contract_error: raiser(
    'raise_contract_error',
    'contract',
    'compilation',
    ['yaml_columns', 'sql_columns'],
    contractMismatches,
  ),
  missing_config: raiser(
    'missing_config',
    'config-missing',
    'compilation',
    ['model', 'name'],
    (model, name) =>
      `Model '${field(model, 'unique_id')}' does not define a required config parameter '${toStr(name)}'.`,
  ),
  missing_materialization: raiser(
    'missing_materialization',
    'materialization-not-found',
    'compilation',
    ['model', 'adapter_type'],
    (model, type) =>
      `No materialization '${toStr(getAttr(getAttr(model, 'config'), 'materialized'))}' was found for adapter ${toStr(type)}! (searched types 'default' and '${toStr(type)}')`,
  ),
  missing_relation: raiser(
    'missing_relation',
    'relation-not-found',
    'compilation',
    ['relation', 'model'],
    (relation) => `Relation ${toStr(relation)} not found!`,
    { model: null },
  ),
  relation_wrong_type: raiser(
    'relation_wrong_type',
    'relation-wrong-type',
    'compilation',
    ['relation', 'expected_type', 'model'],
    (relation, expected) =>
      `Trying to create ${toStr(expected)} ${toStr(relation)}, but it currently exists as a ${toStr(getAttr(relation, 'type'))}. Either drop ${toStr(relation)} manually, or run dbt with \`--full-refresh\` and dbt will drop it for you.`,
    { model: null },
  ),
  column_type_missing: raiser(
    'column_type_missing',
    'column-type-missing',
    'compilation',
    ['column_names'],
    (names) =>
      `Contracted models require data_type to be defined for each column. Please ensure that the column name and data_type are defined within the YAML configuration for the ${toStr(names)} column(s).`,
  ),
  raise_ambiguous_alias: raiser(
    'raise_ambiguous_alias',
    'ambiguous-alias',
    'compilation',
    ['node_1', 'node_2', 'duped_name'],
    (a, b, name) =>
      `dbt found two resources with the database representation "${name === null ? `${field(a, 'database')}.${field(a, 'schema')}.${field(a, 'alias')}` : toStr(name)}".\nOne of them must be configured differently:\n- ${field(a, 'unique_id')} (${field(a, 'original_file_path')})\n- ${field(b, 'unique_id')} (${field(b, 'original_file_path')})`,
    { duped_name: null },
  ),
  raise_ambiguous_catalog_match: raiser(
    'raise_ambiguous_catalog_match',
    'ambiguous-catalog',
    'compilation',
    ['unique_id', 'match_1', 'match_2'],
    (id, a, b) =>
      `dbt found two relations in your warehouse with similar database identifiers for ${toStr(id)}: ${toStr(a)} and ${toStr(b)}. One of them must be renamed or dropped.`,
  ),
  raise_dep_not_found: raiser(
    'raise_dep_not_found',
    'package-not-found',
    'compilation',
    ['node', 'node_description', 'required_pkg'],
    (_node, description, name) =>
      `Error while parsing ${toStr(description)}.\nThe required package "${toStr(name)}" was not found. Is the package installed?`,
  ),
  raise_duplicate_patch_name: raiser(
    'raise_duplicate_patch_name',
    'duplicate-patch',
    'compilation',
    ['patch_1', 'existing_patch_path'],
    (patch, path) =>
      `dbt found two schema.yml entries for the same resource named ${field(patch, 'name')}: in ${field(patch, 'original_file_path')} and in ${toStr(path)}. Resources and their columns may be described only once.`,
  ),
  raise_duplicate_resource_name: raiser(
    'raise_duplicate_resource_name',
    'duplicate-resource',
    'compilation',
    ['node_1', 'node_2'],
    (a, b) =>
      `dbt found two ${field(a, 'resource_type')}s with the name "${field(a, 'name')}":\n- ${field(a, 'unique_id')} (${field(a, 'original_file_path')})\n- ${field(b, 'unique_id')} (${field(b, 'original_file_path')})`,
  ),
  raise_invalid_property_yml_version: raiser(
    'raise_invalid_property_yml_version',
    'property-version',
    'compilation',
    ['path', 'issue'],
    (path, issue) => `The yml property file at ${toStr(path)} is invalid because ${toStr(issue)}.`,
  ),
}

/** A field of a node given as a dict or as an object. */
function field(value: Value, name: string): string {
  const item = getItem(value, name)
  return toStr(isUndefined(item) ? getAttr(value, name) : item)
}
