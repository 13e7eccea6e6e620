import type { AdapterPlugin, Credentials } from '../adapters/adapter.js'
import type { MacroRegistry, TemplateSession } from '../context/index.js'
import { type DiagnosticBag, PlumbError } from '../core/diagnostic.js'
import type { Flags } from '../core/flags.js'
import type { Invocation } from '../core/invocation.js'
import type { SourceSpan } from '../core/source-span.js'
import type { Scope } from '../jinja/index.js'
import { describeNode, type JsonObject, type Manifest } from '../manifest/index.js'
import type { Project } from '../project/index.js'
import type { CheckDefinitions } from './checks/semantic-definitions.js'
import type { Settings } from './config/merge.js'
import type { ConfigResolver } from './config/resolver.js'
import type { RelationNamer } from './naming.js'
import type { NodeNames } from './resolve/node-names.js'
import type { TemplateReader } from './templates/template-reader.js'
import type { Warnings } from './warnings.js'

/** A fixture file of unit tests, read. */
export interface Fixture {
  readonly name: string
  readonly originalPath: string
  /** A CSV's rows, or the text of an SQL file. */
  readonly rows: string | JsonObject[]
}

/** What the stages of one parse share. The manifest grows in it. */
export interface ParseState {
  readonly invocation: Invocation
  readonly project: Project
  readonly flags: Flags
  readonly plugin: AdapterPlugin
  readonly credentials: Credentials
  readonly manifest: Manifest
  readonly macros: MacroRegistry
  readonly session: TemplateSession
  readonly templates: TemplateReader
  readonly configs: ConfigResolver
  readonly namer: RelationNamer
  readonly names: NodeNames
  readonly bag: DiagnosticBag
  readonly warnings: Warnings
  readonly checkDefinitions?: CheckDefinitions | undefined
  /** Where definitions of metrics stand, by unique id. */
  readonly places: Map<string, () => SourceSpan>
  /** What `config(...)` said in a node's own file: needed again when a properties file joins in. */
  readonly configCalls: WeakMap<object, Settings>
  /** Fixtures by package and name: `shop.orders_rows`. */
  readonly fixtures: Map<string, Fixture>
  /** The names templates in properties files see. */
  readonly yamlScope: (packageName: string) => Scope
  /** Seconds since the epoch. */
  readonly createdAt: number
}

/** Runs one independent part of the parse; its errors are kept and the parse goes on. */
export async function attempt<T>(state: ParseState, part: () => T | Promise<T>): Promise<T | undefined> {
  try {
    const result = part()
    return result instanceof Promise ? await result : result
  } catch (error) {
    state.bag.capture(error)
    return undefined
  }
}

interface Described {
  readonly name: string
  readonly resource_type: string
  readonly original_file_path: string
  readonly unique_id: string
}

/** The error with the node it belongs to. */
export function blame(error: unknown, node: Described): unknown {
  if (!(error instanceof PlumbError)) return error
  return error.with({ nodeId: node.unique_id, subject: describeNode(node) })
}
