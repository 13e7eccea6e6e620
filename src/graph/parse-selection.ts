import type { IndirectSelection } from '../core/flags.js'
import { parseSelectAndExclude, type SelectionSpec } from './selection-spec.js'
import { type Selectors, selectorNamed } from './selector-definitions.js'

/** The selection arguments of a command. */
export interface SelectionArgs {
  readonly select?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** `--selector` */
  readonly selector?: string | null | undefined
  readonly indirectSelection: IndirectSelection
  readonly selectors?: Selectors | undefined
}

/** What to select, and the name of the default selector when it was used (dbt says so: `DefaultSelector`). */
export interface ParsedSelection {
  readonly spec: SelectionSpec
  readonly defaultSelector?: string
}

/**
 * `--selector` is strongest; without any selection argument the project's default selector counts, else
 * `--select` and `--exclude`.
 * @throws PlumbError `selector-not-found`, `unknown-selector-method`, `invalid-selection`.
 */
export function parseSelection(args: SelectionArgs): ParsedSelection {
  const { select, exclude, selector, selectors = NO_SELECTORS, indirectSelection } = args
  if (selector !== undefined && selector !== null && selector !== '')
    return { spec: selectorNamed(selectors, selector) }
  const defaultSelector = selectors.defaultName
  if (!select?.length && !exclude?.length && defaultSelector !== undefined) {
    return { spec: selectorNamed(selectors, defaultSelector), defaultSelector }
  }
  return { spec: parseSelectAndExclude(select, exclude, indirectSelection) }
}

const NO_SELECTORS: Selectors = { specs: new Map(), defaultName: undefined }
