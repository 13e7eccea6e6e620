import type { AdapterResponse } from '../../adapters/adapter.js'
import {
  AdapterResponseObject,
  callMacro,
  type NodeScope,
  RelationObject,
  StatementResult,
} from '../../context/index.js'
import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { getItem, isList, isMapping, iterate, toRepr, toStr, type Value } from '../../jinja/index.js'
import type { MacroNode } from '../../manifest/index.js'
import type { Step } from './step.js'

/** What a materialization left behind. */
export interface Materialized {
  /** Result of the statement `main`; null when there was none. */
  readonly main: StatementResult | null
  readonly value: Value
}

/**
 * Runs the materialization macro of a node and gives what it returned and its `main` statement's result.
 * @param materialized name of the materialization; `language` that the node is written in.
 * @throws PlumbError when there is no such materialization, or not for the language.
 */
export async function materialize(
  step: Step,
  scope: NodeScope,
  materialized: string,
  language: string,
): Promise<Materialized> {
  const macro = findMaterialization(step, materialized)
  checkLanguage(macro, language)
  const letGo = await step.run.session.adapter?.holdForModel?.(step.node, () => step.connection.open())
  try {
    const value = await callMacro(scope, macro)
    const main = scope.results.get('main')
    return { main: main instanceof StatementResult ? main : null, value }
  } finally {
    letGo?.()
  }
}

function findMaterialization(step: Step, name: string): MacroNode {
  const { macros, plugin } = step.run.session
  const choice = macros.findMaterialization(name)
  if (choice !== undefined) return choice.macro
  fail(
    'compilation',
    'materialization-not-found',
    `No materialization '${name}' was found for adapter ${plugin.type}! (searched types 'default' and '${plugin.type}')`,
    { hint: didYouMean(name, macros.materializationNames()) },
  )
}

function checkLanguage(macro: MacroNode, language: string): void {
  const supported = macro.supported_languages
  if (supported === null || supported.includes(language)) return
  const list = supported.map((each) => `'${each}'`).join(', ')
  fail(
    'runtime',
    'materialization-language',
    `Materialization "${macro.name}" only supports languages [${list}]; got "${language}"`,
  )
}

/**
 * The relations a materialization says it made: they go into the relation cache.
 * @throws PlumbError when it returned anything but `{'relations': [...]}`.
 */
export function relationsOf(value: Value, materialized: string): RelationObject[] {
  if (typeof value === 'string') {
    fail(
      'compilation',
      'materialization-result',
      `The materialization ("${materialized}") did not explicitly return a list of relations to add to the cache.`,
    )
  }
  if (!isMapping(value)) {
    fail(
      'compilation',
      'materialization-result',
      `Invalid return value from materialization, expected a dict with key "relations", got: ${toStr(value)}`,
    )
  }
  const relations = getItem(value, 'relations')
  if (!isList(relations)) {
    fail(
      'compilation',
      'materialization-result',
      `Invalid return value from materialization, "relations" not a list, got: ${toRepr(relations)}`,
    )
  }
  const items = [...iterate(relations)]
  const stranger = items.find((item) => !(item instanceof RelationObject))
  if (stranger !== undefined) {
    fail(
      'compilation',
      'materialization-result',
      `Invalid return value from materialization, "relations" contains non-Relation: ${toStr(stranger)}`,
    )
  }
  return items as RelationObject[]
}

/** What the warehouse said of a statement, as artifacts keep it. */
export function responseOf(result: StatementResult): { readonly message: string; readonly response?: AdapterResponse } {
  const { response } = result
  return response instanceof AdapterResponseObject
    ? { message: response.response._message, response: response.response }
    : { message: toStr(response) }
}
