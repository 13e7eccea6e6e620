import { fail } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { IndirectSelection } from '../core/flags.js'
import type { Json } from '../manifest/index.js'
import { isMethodName, METHOD_NAMES, type MethodName } from './method-names.js'

/** What is to be selected, as a tree: criteria at the leaves, set operations above. */
export type SelectionSpec = Criterion | SelectionGroup

/** One `method:value` with its graph operators. */
export interface Criterion {
  readonly kind: 'criterion'
  /** As the user wrote it; for messages. */
  readonly raw: string
  readonly method: MethodName
  /** `config.meta.owner:x` has the arguments `meta`, `owner`. */
  readonly args: readonly string[]
  /** Text, except in selectors.yml, where it may be a number or a boolean. */
  readonly value: Json
  /** `@`: children, and all parents of those. */
  readonly childrensParents: boolean
  readonly parents: boolean
  /** null: all the way. */
  readonly parentsDepth: number | null
  readonly children: boolean
  readonly childrenDepth: number | null
  readonly indirectSelection: IndirectSelection
}

export interface SelectionGroup {
  readonly kind: 'union' | 'intersection' | 'difference'
  readonly parts: readonly SelectionSpec[]
  readonly indirectSelection: IndirectSelection
  /** Set where the user should hear of it when nothing is found: the text to show. */
  readonly expected?: string | undefined
}

/** Selects all, as commands do without arguments. */
export const DEFAULT_INCLUDES = ['fqn:*', 'source:*', 'exposure:*', 'metric:*', 'semantic_model:*'] as const

/** `@ 2+ method.arg: value +3`, each part optional. */
const CRITERION =
  /^(?<at>@)?(?:(?<parentsDepth>\d*)(?<parents>\+))?(?:(?<method>[\p{L}\p{N}_.]+):)?(?<value>.*?)(?:(?<children>\+)(?<childrenDepth>\d*))?$/u

/**
 * Reads one criterion as on the command line (`+tag:nightly,` without its commas).
 * @throws PlumbError `unknown-selector-method`, `invalid-selection`.
 */
export function parseCriterion(raw: string, indirectSelection: IndirectSelection): Criterion {
  const match = CRITERION.exec(raw)?.groups
  if (match === undefined) return fail('selector', 'invalid-selection', `Invalid selector spec "${raw}"`)
  return criterion({
    raw,
    method: match['method'],
    value: match['value'] ?? '',
    childrensParents: match['at'] !== undefined,
    parents: match['parents'] !== undefined,
    parentsDepth: depthOf(match['parentsDepth']),
    children: match['children'] !== undefined,
    childrenDepth: depthOf(match['childrenDepth']),
    indirectSelection,
  })
}

/**
 * Completes a criterion: splits the method from its arguments, or chooses it by the looks of the value.
 * @throws PlumbError as `parseCriterion`.
 */
export function criterion(
  parts: Omit<Criterion, 'kind' | 'method' | 'args'> & { readonly method: string | undefined },
): Criterion {
  if (parts.childrensParents && parts.children) {
    fail(
      'selector',
      'invalid-selection',
      `Invalid node spec ${parts.raw} - "@" prefix and "+" suffix are incompatible`,
      {
        hint: '`@x` already takes the children of x, and all parents of those',
      },
    )
  }
  const [name, ...args] = parts.method?.split('.') ?? [defaultMethod(String(parts.value))]
  if (!isMethodName(name!)) {
    return fail('selector', 'unknown-selector-method', `'${name}' is not a valid method name`, {
      hint: didYouMean(name!, METHOD_NAMES) ?? `the methods are ${METHOD_NAMES.join(', ')}`,
    })
  }
  return { ...parts, kind: 'criterion', method: name, args }
}

/** A value without a method: a path when it has a slash, a file by its ending, else a name. */
export function defaultMethod(value: string): MethodName {
  if (value.includes('/') || (process.platform === 'win32' && value.includes('\\'))) return 'path'
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

/** Depths of the command line are digits; those of selectors.yml may be numbers, where 0 means no limit (as in dbt). */
export function depthOf(depth: unknown): number | null {
  if (depth === undefined || depth === null || depth === '' || depth === 0 || depth === false) return null
  const number = Number(depth)
  if (!Number.isInteger(number))
    fail('selector', 'invalid-selection', `Invalid node spec - could not handle parent depth ${String(depth)}`)
  return number
}

/** The groups of `--select` and `--exclude`: space means union, comma intersection. */
function parseUnion(args: readonly string[], expected: boolean, indirectSelection: IndirectSelection): SelectionGroup {
  const parts = args
    .flatMap((arg) => {
      const words = arg.split(' ')
      const written = words.filter((word) => word !== '')
      return written.length > 0 ? written : words.slice(0, 1)
    })
    .map(
      (raw): SelectionGroup => ({
        kind: 'intersection',
        parts: raw.split(',').map((part) => parseCriterion(part, indirectSelection)),
        indirectSelection,
        expected: expected ? raw : undefined,
      }),
    )
  return { kind: 'union', parts, indirectSelection }
}

/**
 * What `--select` and `--exclude` say; without `select`, everything.
 * @throws PlumbError `unknown-selector-method`, `invalid-selection`.
 */
export function parseSelectAndExclude(
  select: readonly string[] | undefined,
  exclude: readonly string[] | undefined,
  indirectSelection: IndirectSelection,
): SelectionSpec {
  const all = select === undefined || select.length === 0
  return {
    kind: 'difference',
    parts: [
      parseUnion(all ? DEFAULT_INCLUDES : select, !all, indirectSelection),
      parseUnion(exclude ?? [], true, indirectSelection),
    ],
    indirectSelection: 'eager',
  }
}
