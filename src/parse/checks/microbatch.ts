import { diagnostic } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import { toStr, type Value } from '../../jinja/index.js'
import { describeNode, findResource, type ModelNode } from '../../manifest/index.js'
import { pythonType } from '../shape/python-type.js'
import type { ParseState } from '../state.js'

const BATCH_SIZES = ['hour', 'day', 'month', 'year']

/** Does dbt's own microbatch strategy run, batch by batch? A custom one is left alone unless a flag says otherwise. */
function usesBatches({ flags, macros }: ParseState): boolean {
  return (
    flags.behavior['require_batched_execution_for_custom_microbatch_strategy'] === true ||
    macros.isBuiltin('get_incremental_microbatch_sql')
  )
}

function* microbatchModels({ manifest }: ParseState): Generator<ModelNode> {
  for (const id in manifest.nodes) {
    const node = manifest.nodes[id]!
    if (node.resource_type !== 'model') continue
    if (node.config.materialized === 'incremental' && node.config['incremental_strategy'] === 'microbatch') yield node
  }
}

/** Checks the settings of microbatch models; `begin` becomes a time. */
export function checkMicrobatch(state: ParseState): void {
  if (!usesBatches(state)) return
  for (const node of microbatchModels(state)) {
    const fault = settle(node)
    if (fault === undefined) continue
    const [message, hint] = fault
    state.bag.add(
      diagnostic('parsing', 'microbatch-config', message, {
        nodeId: node.unique_id,
        subject: describeNode(node),
        hint,
      }),
    )
  }
}

type Fault = readonly [message: string, hint?: string | undefined]

function settle(node: ModelNode): Fault | undefined {
  const config = node.config as Readonly<Record<string, Value>>
  const must = `Microbatch model '${node.name}' must provide`
  const { event_time, begin, batch_size, lookback, concurrent_batches } = config
  if (isNone(event_time)) {
    return [`${must} an 'event_time' (string) config that indicates the name of the event time column.`]
  }
  if (typeof event_time !== 'string') {
    return [`${must} an 'event_time' config of type string, but got: ${pythonType(event_time)}.`]
  }
  if (isNone(begin)) {
    return [
      `${must} a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be built from.`,
      "add begin='2024-01-01' to its config",
    ]
  }
  if (typeof begin !== 'string') {
    return [`${must} a 'begin' config of type datetime, but got: ${pythonType(begin)}.`]
  }
  const time = isoTime(begin)
  if (time === undefined) {
    return [`${must} a 'begin' config of valid datetime (ISO format), but got: ${begin}.`, 'write it as 2024-01-31']
  }
  if (!BATCH_SIZES.includes(batch_size as string)) {
    const sizes = BATCH_SIZES.map((size) => `'${size}'`).join(', ')
    return [
      `${must} a 'batch_size' config that is one of [${sizes}], but got: ${toStr(batch_size)}.`,
      didYouMean(toStr(batch_size), BATCH_SIZES),
    ]
  }
  if (!isNone(lookback) && !isInt(lookback)) {
    return [`${must} the optional 'lookback' config as type int, but got: ${pythonType(lookback)}).`]
  }
  if (!isNone(concurrent_batches) && typeof concurrent_batches !== 'boolean') {
    return [
      `Microbatch model '${node.name}' optional 'concurrent_batches' config must be of type \`bool\` if specified, but ` +
        `got: ${pythonType(concurrent_batches)}).`,
    ]
  }
  if (time !== begin) node.config = { ...node.config, begin: time }
  return undefined
}

function isNone(value: Value): boolean {
  return value === null || value === undefined
}

function isInt(value: Value): boolean {
  return typeof value === 'boolean' || typeof value === 'bigint' || Number.isInteger(value)
}

const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:.(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,6})\d*)?)?)?(Z|[-+]\d\d(?::?\d\d)?)?)?$/s

/** A time in any of the ISO forms Python reads, as `datetime.isoformat()` writes it. */
function isoTime(text: string): string | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = ''] = match
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const micros = fraction === '' || Number(fraction) === 0 ? '' : `.${fraction.padEnd(6, '0')}`
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${micros}${zoneText(zone)}`
}

function zoneText(zone: string): string {
  if (zone === '') return ''
  if (zone === 'Z') return '+00:00'
  return `${zone.slice(0, 3)}:${zone.length > 3 ? zone.slice(-2) : '00'}`
}

/** What dbt warns of once all is resolved. */
export function warnOfMicrobatch(state: ParseState): void {
  const { warnings, plugin, manifest, macros, flags } = state
  const models = [...microbatchModels(state)]
  if (!usesBatches(state)) {
    const isCore = macros.isBuiltin('get_incremental_microbatch_sql')
    const required = flags.behavior['require_batched_execution_for_custom_microbatch_strategy'] === true
    if (models.length > 0 && !isCore && !required) {
      warnings.deprecate(
        'MicrobatchMacroOutsideOfBatchesDeprecation',
        'The use of a custom microbatch macro outside of batched execution is deprecated. To use it with batched ' +
          'execution, set `flags.require_batched_execution_for_custom_microbatch_strategy` to `True` in ' +
          '`dbt_project.yml`. In the future this will be the default behavior.',
      )
    }
    return
  }
  if (plugin.capabilities.microbatchConcurrency !== true) {
    const count = Object.values(manifest.nodes).filter((node) => node.config['concurrent_batches'] === true).length
    if (count > 0) {
      const found = `${count} microbatch model${count === 1 ? '' : 's'}`
      warnings.warn(
        'InvalidConcurrentBatchesConfig',
        `Found ${found} with the \`concurrent_batches\` config set to true, but the ${plugin.type} adapter does not ` +
          'support running batches concurrently. Batches will be run sequentially.',
        { data: { num_models: count, adapter_type: plugin.type } },
      )
    }
  }
  for (const node of models) warnOfInputs(state, node)
}

function warnOfInputs(state: ParseState, node: ModelNode): void {
  let hasEventTime = false
  for (const id of node.depends_on.nodes) {
    const input = findResource(state.manifest, id)
    const eventTime = (input?.config as Readonly<Record<string, Value>> | undefined)?.['event_time']
    if (input === undefined || !eventTime) continue
    hasEventTime = true
    if (typeof eventTime === 'string') continue
    const message =
      `Microbatch model '${node.name}' depends on an input node '${input.name}' with an 'event_time' config of invalid ` +
      `(non-string) type: ${pythonType(eventTime)}.`
    state.bag.add(diagnostic('parsing', 'microbatch-config', message, { nodeId: node.unique_id }))
  }
  if (hasEventTime) return
  state.warnings.warn(
    'MicrobatchModelNoEventTimeInputs',
    `The microbatch model '${node.name}' has no 'ref' or 'source' input with an 'event_time' configuration. \n` +
      'This means no filtering can be applied and can result in unexpected duplicate records in the resulting ' +
      'microbatch model.',
    { nodeId: node.unique_id, data: { model_name: node.name } },
  )
}
