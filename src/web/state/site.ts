import { signal } from '@preact/signals'
import type {
  SiteColumns,
  SiteDetail,
  SiteIndex,
  SiteMetrics,
  SiteNode,
  SiteRun,
  SiteRunDetail,
} from '../../serve/site/documents.js'
import { withDefaults } from '../../serve/site/node-defaults.js'

/** The project as the page holds it: its resources, numbered, and who reads whom. */
export interface Project {
  readonly index: SiteIndex
  readonly nodes: readonly SiteNode[]
  readonly numberOf: ReadonlyMap<string, number>
  readonly parents: readonly (readonly number[])[]
  readonly children: readonly (readonly number[])[]
}

/** An answer of the server that is not an answer. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message)
  }
}

/** True while the server wants a token. */
export const needsToken = signal(false)
let token: string | null = sessionStorage.getItem('plumbline.token')

export function giveToken(given: string): void {
  token = given
  sessionStorage.setItem('plumbline.token', given)
  needsToken.value = false
  documents.clear()
}

/** A request with the reader's token. @throws RequestError with the server's own words. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  const response = await fetch(path, { ...init, headers })
  if (response.ok) return response
  if (response.status === 401) needsToken.value = true
  const body: unknown = await response.json().catch(() => null)
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const message = problem['detail'] ?? problem['message'] ?? problem['title'] ?? `${response.status} ${path}`
  throw new RequestError(response.status, String(message), problem['hint'] ? String(problem['hint']) : null)
}

const documents = new Map<string, Promise<unknown>>()

/** A document that the page itself holds: it may be a single file, opened without a server. */
function enclosed<T>(path: string): Promise<T> | undefined {
  const text = globalThis.document.querySelector(`script[data-document="${path}"]`)?.textContent
  return text == null ? undefined : Promise.resolve(JSON.parse(text) as T)
}

function document<T>(path: string): Promise<T> {
  let found = documents.get(path) as Promise<T> | undefined
  if (found === undefined) {
    found = enclosed<T>(path) ?? request(path).then((response) => response.json() as Promise<T>)
    documents.set(path, found)
    // What failed is asked for again next time.
    found.catch(() => documents.delete(path))
  }
  return found
}

export async function loadProject(): Promise<Project> {
  const index = await document<SiteIndex>('data/index.json')
  const parents: number[][] = index.nodes.map(() => [])
  const children: number[][] = index.nodes.map(() => [])
  for (const [from, to] of index.edges) {
    parents[to]!.push(from)
    children[from]!.push(to)
  }
  const numberOf = new Map(index.nodes.map((node, number) => [node.id, number]))
  return { index, nodes: index.nodes.map(withDefaults), numberOf, parents, children }
}

export async function loadDetail({ index, nodes }: Project, number: number): Promise<SiteDetail | undefined> {
  const shard = Math.floor(number / index.shardSize)
  const details = await document<readonly SiteDetail[]>(`data/details/${shard}.json`)
  return details.find(({ id }) => id === nodes[number]?.id)
}

export const loadColumns = (): Promise<SiteColumns> => document('data/columns.json')
export const loadMetrics = (): Promise<SiteMetrics> => document('data/metrics.json')
export const loadRuns = (): Promise<readonly SiteRun[]> => document('data/runs.json')
export const loadRun = (id: string): Promise<SiteRunDetail> => document(`data/runs/${encodeURIComponent(id)}.json`)
