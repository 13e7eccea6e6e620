import type { OptionName } from '../options.js'
import { PROJECT_OPTIONS, SELECTION_OPTIONS } from '../options.js'

export const TYPES: readonly OptionName[] = ['resource_types', 'exclude_resource_types']
/** Selection and project: what every command that walks the graph takes. */
export const GRAPH_OPTIONS: readonly OptionName[] = [
  ...SELECTION_OPTIONS,
  ...PROJECT_OPTIONS,
  'wait',
  'run_lock',
  'sqlparse',
]
/** Windows of time for models that run in batches or samples. */
export const TIME_OPTIONS: readonly OptionName[] = ['empty', 'sample', 'event_time_start', 'event_time_end']
