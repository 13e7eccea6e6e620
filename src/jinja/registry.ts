import type { Filter } from './filters/filter.js'
import { GENERAL_FILTERS } from './filters/general.js'
import { HTML_FILTERS } from './filters/html.js'
import { NUMBER_FILTERS } from './filters/numbers.js'
import { selectionFilters } from './filters/selection.js'
import { SEQUENCE_FILTERS } from './filters/sequences.js'
import { STRING_FILTERS } from './filters/strings.js'
import { type Test, testTable } from './tests/tests.js'

/** Every filter templates may use, by name. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map([
  ...GENERAL_FILTERS,
  ...HTML_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...STRING_FILTERS,
  ...selectionFilters(
    () => FILTERS,
    () => TESTS,
  ),
])

/** Every test templates may use, by name. */
export const TESTS: ReadonlyMap<string, Test> = testTable(() => FILTERS)
