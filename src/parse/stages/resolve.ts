import { checkAccessValues } from '../checks/access.js'
import { checkFunctions } from '../checks/functions.js'
import { checkGroups } from '../checks/groups.js'
import { checkMicrobatch } from '../checks/microbatch.js'
import { checkDefinitions } from '../checks/semantic-definitions.js'
import { checkSemanticLayer } from '../checks/semantic-layer.js'
import { checkSnapshots } from '../checks/snapshots.js'
import { Descriptions } from '../resolve/descriptions.js'
import { MetricResolver } from '../resolve/metrics.js'
import { inferPrimaryKeys } from '../resolve/primary-keys.js'
import { resolveFunctionReferences, resolveMetricReferences, resolveReferences } from '../resolve/references.js'
import { resolveUnitTests } from '../resolve/unit-tests.js'
import { attempt, type ParseState } from '../state.js'

const CHECKS = [checkGroups, checkAccessValues, checkSnapshots, checkMicrobatch, checkFunctions, checkSemanticLayer]

/** Ties all resources together by their names and checks what can only be seen of the whole. */
export async function resolve(state: ParseState): Promise<void> {
  const { manifest } = state
  await resolveReferences(state)
  await resolveUnitTests(state)
  await new Descriptions(state).renderAll()
  const metrics = new MetricResolver(state)
  for (const metric of Object.values(manifest.metrics)) await attempt(state, () => metrics.resolve(metric))
  await resolveMetricReferences(state)
  inferPrimaryKeys(manifest)
  await resolveFunctionReferences(state)
  for (const check of CHECKS) check(state)
  if (state.bag.errors.length === 0) await checkDefinitions(state)
}
