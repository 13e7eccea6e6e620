/**
 * The suite's invalid and valid manifests with one to three random changes each, validated by MetricFlow's rules and
 * by ours: `differential-validations [--seed N] [--manifests N]`. Says so and ends where MetricFlow is not installed.
 */

import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import { isRuleName, type RuleName, validateManifest } from '../../../src/semantic/manifest/validate/index.js'
import { askMetricflow, metricflowPython, oracleScript } from './differential-oracle.js'
import { Random } from './differential-random.js'
import { readManifest, readValidationCases, suiteFolder } from './suite.js'
import { RULES } from './validations.js'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const python = metricflowPython()
if (python === undefined) {
  console.log('skipped: no MetricFlow here (set PLUMB_METRICFLOW_PYTHON to a Python that has it)')
  process.exit(0)
}
const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const seed = option('seed', 1)
const random = new Random(seed)
const folder = suiteFolder(process.cwd())
const bases = [
  ...readValidationCases(folder).map((test) => test.semantic_manifest),
  ...['extended_date_manifest', 'scd_manifest', 'multi_hop_join_manifest'].map((name) => readManifest(folder, name)),
]

/** What fields may be changed to, by what they are now. */
const TEXTS = ['ds', 'Bad Name', 'bookings', 'a__b', 'select', 'metric_time', 'user', '_x', '1x', 'day', 'listing']
const BY_FIELD: Readonly<Record<string, readonly Json[]>> = {
  type: ['simple', 'ratio', 'derived', 'cumulative', 'primary', 'foreign', 'unique', 'natural', 'time', 'categorical'],
  agg: ['sum', 'count', 'percentile', 'median', 'sum_boolean', 'count_distinct'],
  time_granularity: ['day', 'month', 'year', 'hour', null, 'fiscal'],
  grain_to_date: ['day', 'month', null],
  expr: ['1', 'a + b', null, 'bookings', 'x'],
  where_sql_template: [
    "{{ Dimension('user__home') }} = 'x'",
    '{{ Dimension(',
    "{{ Entity('user') }}",
    'plain',
    "{{ Metric('bookings', ['user']) }} > 1",
  ],
  percentile: [0.5, 1.5, -1, null, 0],
  granularity: ['day', 'days', 'month', 'fiscal_week', 'decade'],
  primary_entity: ['booking', 'user', null],
}

const questions = Array.from({ length: option('manifests', 200) }, (_, id) => {
  const manifest = structuredClone(random.pick(bases)) as unknown as Json
  for (let change = random.between(1, 3); change > 0; change--) mutate(manifest)
  return { id, validate: manifest, rules: Object.keys(RULES) }
})

/** Changes one place in the models, metrics or saved queries. */
function mutate(manifest: Json): void {
  const places: { holder: Json[] | { [key: string]: Json }; key: string | number }[] = []
  const visit = (value: Json, field: string): void => {
    if (Array.isArray(value)) {
      value.forEach((entry, index) => {
        places.push({ holder: value, key: index })
        visit(entry, field)
      })
    } else if (value !== null && typeof value === 'object') {
      for (const [key, entry] of Object.entries(value)) {
        if (['metadata', 'node_relation', 'description', 'config', 'dsi_package_version'].includes(key)) continue
        places.push({ holder: value, key })
        visit(entry, key)
      }
    }
  }
  visit(manifest, '')
  const { holder, key } = random.pick(
    places.filter(
      ({ key: name }) =>
        !['semantic_models', 'metrics', 'saved_queries', 'project_configuration'].includes(String(name)),
    ),
  )
  if (Array.isArray(holder)) {
    const index = key as number
    if (random.chance(0.4)) holder.splice(index, 1)
    else holder.push(structuredClone(holder[index]!))
    return
  }
  const current = holder[key as string]
  const known = BY_FIELD[key as string]
  if (known !== undefined) holder[key as string] = random.pick(known)
  else if (typeof current === 'string' || key === 'name') holder[key as string] = random.pick(TEXTS)
  else if (typeof current === 'boolean') holder[key as string] = !current
  else if (current !== null && !Array.isArray(current)) holder[key as string] = null
}

const verdicts = await askMetricflow(python, questions, oracleScript())
const counts = { same: 0, unreadable: 0, failing: 0, different: 0 }
for (const [index, question] of questions.entries()) {
  const errors = verdicts[index]?.errors
  if (errors === undefined) {
    counts.unreadable++
    continue
  }
  for (const [name, messages] of Object.entries(errors)) {
    const rule = RULES[name]!
    if (messages === null) counts.failing++
    else if (isRuleName(rule)) {
      const ours = ourErrors(question.validate as unknown as SemanticManifest, rule)
      const same = typeof ours !== 'string' && ours.length > 0 === messages.length > 0
      if (same) counts.same++
      else {
        counts.different++
        const found = typeof ours === 'string' ? ours : ours.join(' | ') || 'nothing'
        console.log(
          `DIFF ${index} ${name}\n  ours: ${found.slice(0, 400)}\n  theirs: ${messages.join(' | ').slice(0, 400) || 'nothing'}`,
        )
      }
    }
  }
}
console.log(`seed ${seed}:`, JSON.stringify(counts))

function ourErrors(manifest: SemanticManifest, rule: RuleName): string[] | string {
  try {
    return validateManifest(manifest, [rule]).flatMap((issue) => (issue.level === 'error' ? [issue.message] : []))
  } catch (error) {
    return `fails: ${error instanceof Error ? error.stack : String(error)}`
  }
}
