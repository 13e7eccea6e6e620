import type {
  CompiledNode,
  FileHash,
  JsonObject,
  NodeConfig,
  ParsedNode,
  ResourceType,
  UniqueId,
} from '../manifest/index.js'
import type { ParseState } from './state.js'

export interface NodeOrigin {
  readonly type: ResourceType
  readonly packageName: string
  readonly name: string
  readonly id: UniqueId
  readonly path: string
  readonly originalPath: string
  readonly fqn: string[]
  readonly checksum: FileHash
  readonly rawCode: string
  readonly tags?: string[]
  readonly description?: string
  /** `python` for models and functions in that language. */
  readonly language?: string
}

const NO_COLUMNS: ParsedNode['columns'] = Object.freeze({})
const NO_META: JsonObject = Object.freeze({})
const NO_LIST: never[] = Object.freeze([] as never[]) as never[]
const DOCS: ParsedNode['docs'] = Object.freeze({ show: true, node_color: null })
const CONTRACT: CompiledNode['contract'] = Object.freeze({ enforced: false, alias_types: true, checksum: null })

export const EMPTY_HASH: FileHash = Object.freeze({ name: 'none', checksum: '' })

/** What most nodes do not have is one frozen object for all of them; who changes a part puts in a new one. */
export const SHARED = { columns: NO_COLUMNS, meta: NO_META, list: NO_LIST, docs: DOCS, contract: CONTRACT } as const

/** The fields every node with a relation begins with, in dbt's order; configuration as the project has it. */
export function parsedFields(state: ParseState, origin: NodeOrigin): ParsedNode {
  const config = state.configs.base({ type: origin.type, packageName: origin.packageName, fqn: origin.fqn })
  return {
    database: state.credentials.database,
    schema: state.credentials.schema,
    name: origin.name,
    resource_type: origin.type,
    package_name: origin.packageName,
    path: origin.path,
    original_file_path: origin.originalPath,
    unique_id: origin.id,
    fqn: origin.fqn,
    alias: origin.name,
    checksum: origin.checksum,
    config: config as NodeConfig,
    tags: origin.tags ?? [],
    description: origin.description ?? '',
    columns: NO_COLUMNS,
    meta: NO_META,
    group: null,
    docs: DOCS,
    patch_path: null,
    build_path: null,
    unrendered_config: NO_META,
    created_at: state.createdAt,
    relation_name: null,
    raw_code: origin.rawCode,
    doc_blocks: NO_LIST,
  }
}

/**
 * As {@link parsedFields}, for nodes with SQL. Fields are set one after another, here and by those who add to them: a
 * literal that spreads as many fields as these makes V8 look at each one anew for every node.
 */
export function compiledFields(state: ParseState, origin: NodeOrigin): CompiledNode {
  const node = parsedFields(state, origin) as Writable<CompiledNode>
  node.language = origin.language ?? 'sql'
  node.refs = NO_LIST
  node.sources = NO_LIST
  node.metrics = NO_LIST
  node.functions = NO_LIST
  node.depends_on = { macros: NO_LIST, nodes: NO_LIST }
  node.compiled_path = null
  node.contract = CONTRACT
  return node
}

/** A node while its fields are put together. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The folders of a path, without its file: `staging/shop/orders.sql` -> [staging, shop]. */
export function foldersOf(path: string): string[] {
  return path.split('/').slice(0, -1)
}
