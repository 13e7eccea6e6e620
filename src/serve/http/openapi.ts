import { FORMATS } from './formats/index.js'

type Schema = Readonly<Record<string, unknown>>

const TEXT: Schema = { type: 'string' }
const TEXTS: Schema = { type: 'array', items: TEXT }
const COUNT: Schema = { type: 'integer', minimum: 0 }
const FORMAT_NAMES = FORMATS.map((format) => format.name)

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

function nullable(type: string): Schema {
  return { type: [type, 'null'] }
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}

function listOf(key: string, items: Schema): Schema {
  return object({ [key]: { type: 'array', items } }, [key])
}

interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly required?: true
  readonly description: string
  readonly schema: Schema
  readonly style?: 'form'
  readonly explode?: false
}

function parameter(name: string, description: string, schema: Schema = TEXT): Parameter {
  const commas = schema === TEXTS && name !== 'where' ? ({ style: 'form', explode: false } as const) : {}
  return { name, in: 'query', description, schema, ...commas }
}

function inPath(name: string, description: string): Parameter {
  return { name, in: 'path', required: true, description, schema: TEXT }
}

const FORMAT = parameter('format', 'Form of the answer; else the Accept header decides, else JSON.', {
  type: 'string',
  enum: FORMAT_NAMES,
})
const SEARCH = parameter('search', 'Only what has these words in its name, label or description.')
const LIMIT = parameter('limit', 'At most so many rows.', COUNT)
const METRICS = parameter('metrics', 'Names of metrics.', TEXTS)
const WHERE = parameter('where', "A filter, which may repeat: {{ Dimension('order__status') }} = 'paid'", TEXTS)

const QUERY_PARAMETERS: readonly Parameter[] = [
  METRICS,
  parameter('group_by', 'Dimensions and entities: customer__region, metric_time__month.', TEXTS),
  WHERE,
  parameter('order_by', '-name sorts descending.', TEXTS),
  LIMIT,
  parameter('time_constraint', 'First and last moment, both included; either may be empty.', TEXTS),
  parameter('saved_query', 'A saved query that the rest is added to.'),
  parameter('require', 'Refuse to answer unless what is read is fresh, tested.', TEXTS),
  parameter('cache', 'false: ask the warehouse whatever is cached.', { type: 'boolean' }),
  parameter('timeout', 'Seconds.', { type: 'number' }),
  FORMAT,
]

const PROBLEM = {
  description: 'What is wrong, with a code for programs and a hint',
  content: { 'application/problem+json': { schema: ref('Problem') } },
}

const ANSWER = {
  description: 'The rows, with the proof of what they stand on',
  headers: Object.fromEntries(
    [
      ['x-plumb-build-id', 'Build that made the tables, or unknown'],
      ['x-plumb-built-at', 'When that was'],
      ['x-plumb-fresh', 'true, false or unknown'],
      ['x-plumb-tested', 'true, false or unknown'],
      ['x-plumb-failed-tests', 'Tests that failed on what was read, or none'],
      ['x-plumb-cached', 'Whether it came from the cache'],
    ].map(([name, description]) => [name, { description, schema: TEXT }]),
  ),
  content: Object.fromEntries(
    FORMATS.map(({ name, mediaType }) => [
      mediaType.split(';')[0]!,
      { schema: name === 'json' ? ref('Answer') : { type: 'string', format: 'binary' } },
    ]),
  ),
}

function json(schema: Schema, description: string): object {
  return { description, content: { 'application/json': { schema } } }
}

function get(summary: string, parameters: readonly Parameter[], answer: object): object {
  return { summary, parameters, responses: { 200: answer, default: PROBLEM } }
}

function post(summary: string, answer: object): object {
  return {
    summary,
    requestBody: { required: true, content: { 'application/json': { schema: ref('Query') } } },
    responses: { 200: answer, default: PROBLEM },
  }
}

/** The OpenAPI document of the REST interface. */
export function openApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plumbline',
      version,
      description: 'Metrics and models of a project. Errors are problem documents (RFC 9457).',
    },
    security: [{ bearer: [] }, { basic: [] }, {}],
    paths: PATHS,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token, or a JWT of an issuer the project trusts',
        },
        basic: { type: 'http', scheme: 'basic', description: 'Name and password, or name and API token' },
      },
      schemas: SCHEMAS,
    },
  }
}

const PATHS = {
  '/api/v1/metrics': {
    get: get('Metrics that you may ask', [SEARCH], json(listOf('metrics', ref('Metric')), 'Metrics')),
  },
  '/api/v1/dimensions': {
    get: get(
      'Dimensions that metrics can be grouped by',
      [METRICS, SEARCH],
      json(listOf('dimensions', ref('Dimension')), 'Dimensions'),
    ),
  },
  '/api/v1/dimensions/{name}/values': {
    get: get(
      'Values of a dimension',
      [inPath('name', 'customer__region'), METRICS, WHERE, LIMIT, parameter('grain', 'Of a time dimension.'), FORMAT],
      ANSWER,
    ),
  },
  '/api/v1/entities': { get: get('Entities', [METRICS, SEARCH], json(listOf('entities', ref('Entity')), 'Entities')) },
  '/api/v1/saved-queries': {
    get: get('Saved queries', [SEARCH], json(listOf('saved_queries', ref('SavedQuery')), 'Saved queries')),
  },
  '/api/v1/saved-queries/{name}/rows': {
    get: get(
      'The answer of a saved query',
      [
        inPath('name', 'Name of the saved query'),
        ...QUERY_PARAMETERS.filter(({ name }) => ['where', 'order_by', 'limit', 'format'].includes(name)),
      ],
      ANSWER,
    ),
  },
  '/api/v1/query': { get: get('Ask', QUERY_PARAMETERS, ANSWER), post: post('Ask', ANSWER) },
  '/api/v1/explain': {
    get: get(
      'The SQL and the plan in words; nothing is run',
      QUERY_PARAMETERS,
      json(ref('Explanation'), 'Explanation'),
    ),
    post: post('The SQL and the plan in words; nothing is run', json(ref('Explanation'), 'Explanation')),
  },
  '/api/v1/models': {
    get: get(
      'Tables that you may see',
      [parameter('type', 'model, seed, snapshot or source')],
      json(listOf('models', ref('Model')), 'Tables'),
    ),
  },
  '/api/v1/models/{id}': {
    get: get(
      'A table with columns, documentation and tests',
      [inPath('id', 'unique_id or name')],
      json(ref('Model'), 'Table'),
    ),
  },
  '/api/v1/models/{id}/rows': {
    get: get('Rows of a table', [inPath('id', 'unique_id or name'), LIMIT, FORMAT], ANSWER),
  },
  '/api/v1/models/{id}/profile': {
    get: get(
      'A table counted now: rows, missing and distinct values, smallest and largest',
      [inPath('id', 'unique_id or name')],
      json({ type: 'object' }, 'Profile'),
    ),
  },
  '/api/v1/lineage/{id}': {
    get: get(
      'What something is made of, and what is made of it',
      [
        inPath('id', 'unique_id, or the name of a metric or a table'),
        parameter('direction', 'upstream, downstream or both'),
        parameter('depth', 'How many steps', COUNT),
        parameter('column', 'One column of it'),
      ],
      json(ref('Lineage'), 'Lineage'),
    ),
  },
  '/api/v1/runs': { get: get('The last builds', [], json(listOf('runs', ref('Run')), 'Builds, newest first')) },
  '/api/v1/runs/{id}': {
    get: get('A build with its results', [inPath('id', 'Id of the build')], json(ref('Run'), 'Build')),
  },
  '/api/v1/me': {
    get: get('Who you are here', [], json(object({ name: TEXT, groups: TEXTS, owner: { type: 'boolean' } }), 'You')),
  },
  '/api/v1/health': {
    get: {
      ...get(
        'Whether the server answers',
        [],
        json(object({ status: TEXT, version: TEXT, generation: COUNT }), 'It does'),
      ),
      security: [],
    },
  },
  '/metrics': {
    get: get("The server's own figures, as OpenMetrics", [], {
      description: 'Figures',
      content: { 'application/openmetrics-text': { schema: TEXT } },
    }),
  },
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  Query: object({
    metrics: TEXTS,
    metric_objects: {
      type: 'array',
      items: object({ name: TEXT, alias: TEXT, modifiers: { type: 'array' } }, ['name']),
    },
    group_by: TEXTS,
    group_by_objects: {
      type: 'array',
      items: object({ name: TEXT, grain: TEXT, date_part: TEXT, alias: TEXT }, ['name']),
    },
    where: TEXTS,
    order_by: TEXTS,
    limit: COUNT,
    time_constraint: { type: 'array', items: nullable('string'), minItems: 2, maxItems: 2 },
    saved_query: TEXT,
    min_max_only: { type: 'boolean' },
    apply_group_by: { type: 'boolean' },
    format: { type: 'string', enum: FORMAT_NAMES },
    require: { type: 'array', items: { enum: ['fresh', 'tested'] } },
    cache: { type: 'boolean' },
    timeout: { type: 'number', exclusiveMinimum: 0 },
  }),
  Answer: object(
    {
      columns: { type: 'array', items: ref('Column') },
      rows: { type: 'array', items: { type: 'array' } },
      row_count: COUNT,
      cached: { type: 'boolean' },
      proof: ref('Proof'),
    },
    ['columns', 'rows', 'row_count', 'proof'],
  ),
  Column: object(
    { name: TEXT, type: TEXT, role: TEXT, of: TEXT, grain: TEXT, date_part: TEXT, label: TEXT, description: TEXT },
    ['name', 'type'],
  ),
  Proof: object({
    build_id: nullable('string'),
    built_at: nullable('string'),
    fresh: nullable('boolean'),
    tested: nullable('boolean'),
    failed_tests: TEXTS,
    nodes: {
      type: 'array',
      items: object({
        unique_id: TEXT,
        kind: TEXT,
        relation: TEXT,
        path: TEXT,
        last_built: nullable('string'),
        status: TEXT,
        freshness: nullable('string'),
        tests: { type: 'object' },
      }),
    },
  }),
  Metric: object({ name: TEXT, type: TEXT, label: TEXT, description: TEXT, default_grain: TEXT }, ['name', 'type']),
  Dimension: object(
    { name: TEXT, type: TEXT, grains: TEXTS, date_parts: TEXTS, semantic_model: TEXT, label: TEXT, description: TEXT },
    ['name', 'type'],
  ),
  Entity: object({ name: TEXT, type: TEXT, semantic_model: TEXT, label: TEXT, description: TEXT }, ['name']),
  SavedQuery: object({ name: TEXT, label: TEXT, description: TEXT, metrics: TEXTS, group_by: TEXTS }, ['name']),
  Model: object(
    {
      unique_id: TEXT,
      name: TEXT,
      type: TEXT,
      relation: nullable('string'),
      description: TEXT,
      tags: TEXTS,
      group: nullable('string'),
      access: nullable('string'),
      columns: {
        type: 'array',
        items: object({
          name: TEXT,
          type: nullable('string'),
          description: TEXT,
          tags: TEXTS,
          masked: { type: 'boolean' },
          tests: TEXTS,
        }),
      },
      tests: { type: 'array', items: { type: 'object' } },
    },
    ['unique_id', 'name'],
  ),
  Lineage: object({ of: { type: 'object' }, nodes: { type: 'array' }, edges: { type: 'array' } }, ['nodes', 'edges']),
  Run: object({
    id: nullable('string'),
    command: nullable('string'),
    finished_at: TEXT,
    seconds: { type: 'number' },
    counts: { type: 'object' },
    results: { type: 'array' },
  }),
  Explanation: object({
    sql: TEXT,
    steps: TEXTS,
    columns: { type: 'array' },
    predicates: { type: 'array', items: object({ relation: TEXT, predicate: TEXT, policy: TEXT }) },
  }),
  Problem: object(
    {
      type: TEXT,
      title: TEXT,
      status: { type: 'integer' },
      detail: TEXT,
      code: TEXT,
      hint: TEXT,
      errors: { type: 'array' },
    },
    ['title', 'status', 'detail', 'code'],
  ),
}
