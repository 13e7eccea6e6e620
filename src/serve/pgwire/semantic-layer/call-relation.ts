import { didYouMean } from '../../../core/did-you-mean.js'
import type { Caller, Catalogue, MetricQuery, QueryService } from '../../../query/index.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { semanticsOf } from '../relations/semantics.js'
import { joinSql, sql } from '../sql/sql-text.js'
import type { CallRelation } from '../sql/translation.js'
import type { CallArguments, CallValue } from './call-reader.js'
import type { SemanticCall } from './calls.js'
import { itemRequest, listOf, metricRequest, orderRequest } from './query-objects.js'

type Row = readonly (string | null)[]

interface Listing {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

/** The relation that a call of `semantic_layer` stands for. @throws WireError for calls that are none. */
export async function callRelation(call: SemanticCall, service: QueryService, caller: Caller): Promise<CallRelation> {
  if (call.method === 'query') return queryRelation(call, service, caller)
  if (call.method === 'dimension_values') return valuesRelation(call, service, caller)
  const list = LISTINGS[call.method]
  if (list === undefined) {
    return refuse(SQLSTATE.undefinedFunction, `semantic_layer has no ${call.method}()`, {
      location: call.location,
      hint: didYouMean(call.method, [...Object.keys(LISTINGS), 'query', 'dimension_values']),
    })
  }
  const listing = list(call.args, service.catalogue(caller), service)
  return listingRelation(paged(listing, call.args), service)
}

async function queryRelation(call: SemanticCall, service: QueryService, caller: Caller): Promise<CallRelation> {
  const query = readQuery(call.args)
  if (call.args.named.get('compile') !== true && call.args.named.get('explain') !== true) {
    return { sql: [{ metrics: query }], columns: null, query }
  }
  const { sql: compiled } = await service.explain({ kind: 'metrics', query }, caller)
  return listingRelation({ columns: ['sql'], rows: [[compiled]] }, service)
}

const QUERY_ARGUMENTS: ReadonlySet<string> = new Set(
  'metrics group_by where order_by limit compile explain saved_query read_cache'.split(' '),
)

function readQuery({ positional, named }: CallArguments): MetricQuery {
  const unknown = [...named.keys()].find((name) => !QUERY_ARGUMENTS.has(name))
  if (unknown !== undefined || positional.length > 0) {
    refuse(
      SQLSTATE.syntaxError,
      `semantic_layer.query() has no argument ${unknown === undefined ? 'without a name' : `"${unknown}"`}`,
      {
        hint: unknown === undefined ? undefined : didYouMean(unknown, [...QUERY_ARGUMENTS]),
      },
    )
  }
  const limit = named.get('limit') ?? undefined
  if (limit !== undefined && (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0)) {
    refuse(SQLSTATE.invalidParameterValue, 'limit must be a whole number')
  }
  const savedQuery = named.get('saved_query')
  const metrics = listOf(named.get('metrics')).map(metricRequest)
  const groupBy = listOf(named.get('group_by')).map(itemRequest)
  return {
    ...(typeof savedQuery === 'string' ? { savedQuery } : {}),
    ...(metrics.length > 0 ? { metrics } : {}),
    ...(groupBy.length > 0 ? { groupBy } : {}),
    where: listOf(named.get('where')).map((value) => textOf(value, 'where')),
    orderBy: listOf(named.get('order_by')).map(orderRequest),
    ...(limit === undefined ? {} : { limit: limit as number }),
  }
}

function textOf(value: CallValue, argument: string): string {
  return typeof value === 'string' ? value : refuse(SQLSTATE.syntaxError, `${argument} must be text`)
}

function valuesRelation(call: SemanticCall, service: QueryService, caller: Caller): CallRelation {
  const [item, ...more] = listOf(call.args.named.get('group_by')).map(itemRequest)
  if (item === undefined || more.length > 0) {
    refuse(SQLSTATE.syntaxError, 'semantic_layer.dimension_values() takes one item in group_by', {
      location: call.location,
    })
  }
  const metrics = listOf(call.args.named.get('metrics')).map((value) => metricRequest(value).name)
  const question = service.catalogue(caller).values({ dimension: item, ...(metrics.length > 0 ? { metrics } : {}) })
  if (question.kind !== 'metrics') return refuse(SQLSTATE.internal, 'the values of this dimension cannot be asked here')
  return { sql: [{ metrics: question.query }], columns: null, query: question.query }
}

type Lister = (args: CallArguments, catalogue: Catalogue, service: QueryService) => Listing

/** What can be listed, with the columns that dbt's drivers give. */
const LISTINGS: Readonly<Record<string, Lister>> = {
  metrics: (args, catalogue, service) => ({
    columns: ['name', 'type', 'label', 'description', 'dimensions', 'queryable_granularities'],
    rows: catalogue.metrics(search(args)).map(({ name, type, label, description }) => {
      const { dimensions, grains } = ofMetrics([name], catalogue)
      void service
      return [name, type, label ?? null, description ?? null, dimensions.join(','), grains.join(',')]
    }),
  }),
  dimensions: (args, catalogue) => ({
    columns: ['name', 'qualified_name', 'type', 'label', 'description', 'queryable_granularities'],
    rows: catalogue
      .dimensions({ ...metricNames(args), ...search(args) })
      .map((each) => [
        each.name.split('__').at(-1) ?? each.name,
        each.name,
        each.type,
        each.label ?? null,
        each.description ?? null,
        each.grains.join(','),
      ]),
  }),
  entities: (args, catalogue) => ({
    columns: ['name', 'type', 'label', 'description'],
    rows: catalogue
      .entities({ ...metricNames(args), ...search(args) })
      .map((each) => [each.name, each.type ?? null, each.label ?? null, each.description ?? null]),
  }),
  queryable_granularities: (args, catalogue) => ({
    columns: ['name'],
    rows: ofMetrics(metricNames(args).metrics ?? [], catalogue).grains.map((grain) => [grain]),
  }),
  metrics_for_dimensions: (args, catalogue) => {
    const asked = listOf(args.named.get('group_by')).map((value) => itemRequest(value).name.toLowerCase())
    const fitting = catalogue.metrics().filter(({ name }) => {
      const items = new Set([
        ...catalogue
          .dimensions({ metrics: [name] })
          .flatMap((each) => [each.name, ...each.grains.map((grain) => `${each.name}__${grain}`)]),
        ...catalogue.entities({ metrics: [name] }).map((each) => each.name),
      ])
      return asked.every((item) => items.has(item))
    })
    return {
      columns: ['name', 'type', 'label', 'description'],
      rows: fitting.map(({ name, type, label, description }) => [name, type, label ?? null, description ?? null]),
    }
  },
  saved_queries: (args, catalogue, service) => {
    const saved = semanticsOf(service.project.manifest).savedQueries
    return {
      columns: ['name', 'description', 'label', 'metrics', 'group_by', 'where_filter'],
      rows: catalogue.savedQueries(search(args)).map(({ name, description, label, metrics, groupBy }) => {
        const filters = saved.find((each) => each.name === name)?.query_params.where?.where_filters ?? []
        const where = filters.map((filter) => filter.where_sql_template).join(' AND ')
        return [name, description ?? null, label ?? null, metrics.join(','), groupBy.join(','), where || null]
      }),
    }
  },
}

function search(args: CallArguments): { search?: string } {
  const value = args.named.get('search')
  return typeof value === 'string' ? { search: value } : {}
}

function metricNames(args: CallArguments): { metrics?: readonly string[] } {
  const names = listOf(args.named.get('metrics') ?? args.positional[0]).map((value) => metricRequest(value).name)
  return names.length === 0 ? {} : { metrics: names }
}

function ofMetrics(metrics: readonly string[], catalogue: Catalogue): { dimensions: string[]; grains: string[] } {
  const dimensions = catalogue.dimensions(metrics.length === 0 ? {} : { metrics })
  const grains = dimensions.find((each) => each.name === 'metric_time')?.grains ?? []
  return { dimensions: dimensions.map((each) => each.name), grains: [...grains] }
}

/** `page_size=10, page_number=2` */
function paged(listing: Listing, { named }: CallArguments): Listing {
  const size = named.get('page_size')
  if (typeof size !== 'number' || size < 1) return listing
  const page = Math.max(1, Number(named.get('page_number') ?? 1))
  return { ...listing, rows: listing.rows.slice((page - 1) * size, page * size) }
}

/** Rows that are known here, as a relation that the statement around them can be written over. */
function listingRelation({ columns, rows }: Listing, service: QueryService): CallRelation {
  const { dialect } = service.project
  const cell = (value: string | null): string => (value === null ? 'NULL' : dialect.stringLiteral(value))
  const named = columns
    .map((name, index) => `CAST(c${index} AS VARCHAR) AS ${dialect.quoteIdentifier(name)}`)
    .join(', ')
  const values = rows.length > 0 ? rows : [columns.map(() => null)]
  const tuples = joinSql(
    values.map((row) => `(${row.map(cell).join(', ')})`),
    ', ',
  )
  const places = columns.map((_, index) => `c${index}`).join(', ')
  return {
    sql: sql`(SELECT ${named} FROM (VALUES ${tuples}) AS v (${places})${rows.length > 0 ? '' : ' WHERE 1 = 0'})`,
    columns: columns.map((name) => ({ name, metric: null })),
    query: null,
  }
}
