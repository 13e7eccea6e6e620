import type { StepHandler } from './step.js'

/** What dbt lists in a build but does not do: exposures, saved queries without exports. */
export const noOpStep: StepHandler = {
  announced: false,
  failedStatus: 'error',
  execute: async () => ({ status: 'no-op', message: 'NO-OP', failures: 0 }),
}
