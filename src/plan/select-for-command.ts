import {
  chooseResourceTypes,
  type Dag,
  parseSelection,
  type ResourceTypeArgs,
  type SelectionArgs,
  type SelectOptions,
  selectNodes,
} from '../graph/index.js'
import type { Manifest, UniqueId } from '../manifest/index.js'
import { plannedCommand } from './commands.js'

export interface CommandSelection {
  /** dbt's name: `build`, `generate` ... */
  readonly command: string
  readonly dag: Dag
  readonly manifest: Manifest
  readonly args: SelectionArgs & ResourceTypeArgs
  /** SQL was given on the command line (`--inline`): only its node is selected. */
  readonly inline?: boolean
  readonly options?: Omit<SelectOptions, 'resourceTypes' | 'keep' | 'includeEmpty'>
}

/**
 * What a command works on: the selection, of the types the command knows and the user asked for.
 * @throws PlumbError as `parseSelection` and `selectNodes`.
 */
export function selectForCommand({ command, dag, manifest, args, inline, options }: CommandSelection): Set<UniqueId> {
  const { possible, usual, choosesTypes, keep, includesEmpty } = plannedCommand(command)
  if (inline === true) {
    const { spec } = parseSelection({ indirectSelection: args.indirectSelection })
    return selectNodes(dag, manifest, spec, { resourceTypes: new Set(['sql_operation']), includeEmpty: true })
  }
  // dbt: also runs the tests of what is shown, and prints nothing of them
  const indirectSelection = command === 'show' ? 'empty' : args.indirectSelection
  const { spec, defaultSelector } = parseSelection({ ...args, indirectSelection })
  if (defaultSelector !== undefined) {
    options?.emit?.({
      name: 'DefaultSelector',
      code: 'Q023',
      level: 'info',
      msg: `Using default selector ${defaultSelector}`,
      data: { name: defaultSelector },
    })
  }
  return selectNodes(dag, manifest, spec, {
    selectors: args.selectors,
    ...options,
    resourceTypes: choosesTypes === true ? chooseResourceTypes(args, possible, usual) : possible,
    keep,
    includeEmpty: includesEmpty,
  })
}
