import { request } from './site.js'

/** A question to the metrics, in the form that files and requests have. */
export interface Question {
  readonly metrics: readonly string[]
  readonly group_by: readonly string[]
  readonly where: readonly string[]
  readonly order_by: readonly string[]
  readonly limit: number | null
  readonly time_constraint: readonly [string | null, string | null] | null
}

export interface AnswerColumn {
  readonly name: string
  readonly type: string
  readonly role?: string | null
}

export interface Answer {
  readonly columns: readonly AnswerColumn[]
  readonly rows: readonly (readonly unknown[])[]
  readonly cached: boolean
  readonly proof: AnswerProof
  readonly milliseconds: number
}

export interface AnswerProof {
  readonly build_id: string | null
  readonly built_at: string | null
  readonly fresh: boolean | null
  readonly tested: boolean | null
  readonly failed_tests: readonly string[]
  readonly nodes: readonly { readonly unique_id: string; readonly status: string; readonly last_built: string | null }[]
}

/** A question's SQL and its plan in words. */
export interface Explanation {
  readonly sql: string
  readonly steps: readonly string[]
}

const PATH = 'api/v1/query'

/** Leaves out what was not filled in. */
export function bodyOf(question: Question): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(question).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  )
}

/** @throws RequestError with the service's own words: what is wrong, and the nearest thing that works. */
export async function ask(question: Question): Promise<Answer> {
  const started = performance.now()
  const response = await send(question, 'application/json')
  const body = (await response.json()) as Omit<Answer, 'milliseconds'>
  return { ...body, milliseconds: Math.round(performance.now() - started) }
}

/** How the answer is computed, policies included. */
export async function explain(question: Question): Promise<Explanation> {
  const response = await request('api/v1/explain', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(question)),
  })
  return (await response.json()) as Explanation
}

/** The same answer as a file. */
export async function download(question: Question, format: 'csv' | 'parquet'): Promise<Blob> {
  const response = await send(question, format === 'csv' ? 'text/csv' : 'application/vnd.apache.parquet')
  return await response.blob()
}

function send(question: Question, accept: string): Promise<Response> {
  return request(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(bodyOf(question)),
  })
}

export type CopyForm = 'curl' | 'python' | 'yaml'

/** The question for use elsewhere. */
export function writtenAs(form: CopyForm, question: Question): string {
  const body = bodyOf(question)
  const url = new URL(PATH, location.href.replace(/#.*$/, '')).href
  switch (form) {
    case 'curl':
      return `curl -s ${url} \\\n  -H 'content-type: application/json' -H 'accept: text/csv' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`
    case 'python':
      return [
        'import io, json, urllib.request',
        'import pandas as pd',
        '',
        `question = json.loads(${JSON.stringify(JSON.stringify(body))})`,
        'request = urllib.request.Request(',
        `    ${JSON.stringify(url)},`,
        '    data=json.dumps(question).encode(),',
        '    headers={"content-type": "application/json", "accept": "text/csv"},',
        ')',
        'answer = pd.read_csv(io.BytesIO(urllib.request.urlopen(request).read()))',
      ].join('\n')
    case 'yaml':
      return [
        'saved_queries:',
        '  - name: my_query',
        '    query_params:',
        ...listOf('metrics', question.metrics),
        ...listOf('group_by', question.group_by.map(groupByCall)),
        ...listOf('where', question.where),
        ...listOf('order_by', question.order_by.map(orderByCall)),
        ...(question.limit === null ? [] : [`      limit: ${question.limit}`]),
      ].join('\n')
  }
}

function listOf(name: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`      ${name}:`, ...values.map((value) => `        - ${JSON.stringify(value)}`)]
}

/** `metric_time__month` is a time dimension with a grain; whatever has two parts otherwise is a dimension. */
function groupByCall(name: string): string {
  const time = /^(.+)__(day|week|month|quarter|year|hour|minute|second)$/.exec(name)
  return time === null ? `Dimension('${name}')` : `TimeDimension('${time[1]}', '${time[2]}')`
}

function orderByCall(name: string): string {
  return name.startsWith('-') ? `Metric('${name.slice(1)}').descending(True)` : `Metric('${name}')`
}
