import type { StepAction } from '../../plan/run-plan.js'
import { cloneStep } from './clone.js'
import { compileStep } from './compile.js'
import { dataTestStep } from './data-test.js'
import { freshnessStep } from './freshness.js'
import { microbatchStep } from './microbatch.js'
import { functionStep } from './model.js'
import { noOpStep } from './no-op.js'
import { seedStep } from './seed.js'
import { showStep } from './show.js'
import type { StepHandler } from './step.js'
import { unitTestStep } from './unit-test.js'

/** How each kind of step is done. */
export const stepHandlers: { readonly [A in StepAction]: StepHandler } = {
  'build-model': microbatchStep,
  'load-seed': seedStep,
  'take-snapshot': microbatchStep,
  'run-data-test': dataTestStep,
  'run-unit-test': unitTestStep,
  'create-function': functionStep,
  'export-saved-query': noOpStep,
  'no-op': noOpStep,
  compile: compileStep,
  show: showStep,
  clone: cloneStep,
  'check-freshness': freshnessStep,
}
