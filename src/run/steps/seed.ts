import { build } from './model.js'
import { nodeAs, type StepHandler } from './step.js'

/** Loads a seed's file. */
export const seedStep: StepHandler = {
  announced: true,
  failedStatus: 'error',
  execute: async (step) => (await build(step, nodeAs(step.node, 'seed'))).outcome,
}
