import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail } from '../core/diagnostic.js'
import type { RunRef } from '../lineage/openlineage/index.js'

/** Where events go. */
export type Transport =
  | {
      readonly kind: 'http'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly timeout: number
    }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'console' }

export interface OpenLineageSettings {
  readonly transports: readonly Transport[]
  readonly jobNamespace: string
  readonly jobName: string | undefined
  readonly parent: RunRef | undefined
  readonly root: RunRef | undefined
}

type Env = Readonly<Record<string, string | undefined>>

/** Milliseconds that a receiver has for one event. */
const TIMEOUT = 5000

/**
 * `--openlineage` (an address or a file), else the environment variables and the configuration file of the official
 * clients. Undefined when nothing asks for events, or `OPENLINEAGE_DISABLED` forbids them.
 * @throws PlumbError `bad-openlineage` for a configuration that cannot be understood
 */
export async function readSettings(
  option: string | null,
  env: Env,
  cwd: string,
): Promise<OpenLineageSettings | undefined> {
  if (/^(true|1)$/i.test(env['OPENLINEAGE_DISABLED'] ?? '')) return undefined
  const transports = option === null ? await fromEnvironment(env, cwd) : [fromOption(option, env, cwd)]
  if (transports.length === 0) return undefined
  return {
    transports,
    jobNamespace: env['OPENLINEAGE_NAMESPACE'] || 'dbt',
    jobName: env['OPENLINEAGE_DBT_JOB_NAME'] || undefined,
    parent: runRef('OPENLINEAGE_PARENT_ID', env),
    root: runRef('OPENLINEAGE_ROOT_PARENT_ID', env),
  }
}

function fromOption(option: string, env: Env, cwd: string): Transport {
  if (/^https?:\/\//.test(option)) return http({ url: option, ...fromVariables(env) })
  return option === '-' ? { kind: 'console' } : { kind: 'file', path: resolve(cwd, option) }
}

async function fromEnvironment(env: Env, cwd: string): Promise<Transport[]> {
  const written = env['OPENLINEAGE__TRANSPORT']
  const file = env['OPENLINEAGE_CONFIG']
  if (written)
    return transportsOf(
      parse(() => JSON.parse(written) as unknown, 'OPENLINEAGE__TRANSPORT'),
      cwd,
    )
  if (file) {
    const { load } = await import('js-yaml')
    const config = parse(() => load(readFileSync(resolve(cwd, file), 'utf8')), `OPENLINEAGE_CONFIG (${file})`)
    return transportsOf(isRecord(config) ? config['transport'] : undefined, cwd)
  }
  const url = env['OPENLINEAGE_URL']
  return url ? [http({ url, ...fromVariables(env) })] : []
}

function fromVariables(env: Env): Record<string, unknown> {
  return {
    ...(env['OPENLINEAGE_ENDPOINT'] && { endpoint: env['OPENLINEAGE_ENDPOINT'] }),
    ...(env['OPENLINEAGE_API_KEY'] && { auth: { type: 'api_key', apiKey: env['OPENLINEAGE_API_KEY'] } }),
  }
}

/** `transport:` of the official configuration: http, file, console, or composite of those. */
function transportsOf(config: unknown, cwd: string): Transport[] {
  if (!isRecord(config)) return bad('transport is missing')
  switch (config['type']) {
    case 'http':
    case 'async_http':
      return [http(config)]
    case 'file':
      return [{ kind: 'file', path: resolve(cwd, String(config['log_file_path'] ?? 'openlineage.ndjson')) }]
    case 'console':
      return [{ kind: 'console' }]
    case 'composite': {
      const list = config['transports']
      return (Array.isArray(list) ? list : Object.values(isRecord(list) ? list : {})).flatMap((each) =>
        transportsOf(each, cwd),
      )
    }
    case 'noop':
      return []
    default:
      return bad(`transport of type ${String(config['type'])} is not known`)
  }
}

function http(config: Readonly<Record<string, unknown>>): Transport {
  const base = String(config['url'] ?? '')
  const endpoint = String(config['endpoint'] ?? 'api/v1/lineage')
  const auth = isRecord(config['auth']) ? config['auth'] : {}
  const key = auth['apiKey'] ?? auth['api_key']
  const custom = isRecord(config['custom_headers']) ? config['custom_headers'] : {}
  const seconds = Number(config['timeout'] ?? TIMEOUT / 1000)
  let url: URL
  try {
    url = new URL(base)
  } catch {
    return bad(`${base} is not an address`)
  }
  // An address with a path of its own is meant as it is.
  if (url.pathname === '/' || config['endpoint'] !== undefined)
    url = new URL(endpoint, url.href.endsWith('/') ? url : `${url.href}/`)
  return {
    kind: 'http',
    url: url.href,
    timeout: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : TIMEOUT,
    headers: {
      ...Object.fromEntries(Object.entries(custom).map(([name, value]) => [name, String(value)])),
      ...(typeof key === 'string' && { Authorization: `Bearer ${key}` }),
    },
  }
}

/** `namespace/job name/run id`, as schedulers hand it down. */
function runRef(variable: string, env: Env): RunRef | undefined {
  const written = env[variable]
  if (!written) return undefined
  const [, namespace, name, run] = /^(.+?)\/(.+)\/([0-9a-f-]{36})$/i.exec(written) ?? []
  if (namespace === undefined || name === undefined || run === undefined)
    return bad(`${variable} is not namespace/job/run id: ${written}`)
  return { job: { namespace: decodeURIComponent(namespace), name }, run }
}

function parse(read: () => unknown, what: string): unknown {
  try {
    return read()
  } catch (error) {
    return bad(`${what} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
}

function bad(message: string): never {
  return fail('usage', 'bad-openlineage', `OpenLineage: ${message}`, {
    hint: 'see docs/openlineage.md for what can be set',
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
