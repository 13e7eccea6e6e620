import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Invocation } from '../../core/invocation.js'
import { SPOKEN_VERSIONS } from '../config/require-version.js'
import type { Deprecations } from '../deprecations.js'
import { parseVersionSpec, versionsCompatible } from '../version-spec.js'
import { getJson, isNotFound } from './http.js'

/** One version of a package as the hub describes it. */
export interface HubVersion {
  readonly name: string
  readonly packages: readonly unknown[]
  readonly downloads: { readonly tarball: string }
  readonly require_dbt_version?: string | readonly string[] | null
}

export interface HubClient {
  /** Every version of a package by its number. */
  versions(name: string): Promise<Readonly<Record<string, HubVersion>>>
}

/**
 * The package hub (`DBT_PACKAGE_HUB_URL`, else hub.getdbt.com). Each package is asked for once.
 */
export function createHubClient(invocation: Invocation, deprecations: Deprecations): HubClient {
  const base = (invocation.env['DBT_PACKAGE_HUB_URL'] || 'https://hub.getdbt.com/').replace(/\/*$/, '/')
  const asked = new Map<string, Promise<Readonly<Record<string, HubVersion>>>>()
  const ask = async (name: string): Promise<Readonly<Record<string, HubVersion>>> => {
    const url = `${base}api/v1/${name}.json`
    const log = (event: string, code: string, msg: string, data: Record<string, unknown>): void =>
      invocation.emit({ name: event, code, level: 'debug', msg, data })
    log('RegistryProgressGETRequest', 'M008', `Making package registry request: GET ${url}`, { url })
    let body: unknown
    try {
      body = await getJson(url, invocation.signal)
    } catch (error) {
      if (!isNotFound(error)) throw error
      return notInIndex(name, base, invocation)
    }
    log('RegistryProgressGETResponse', 'M009', `Response from registry: GET ${url} 200`, { url, resp_code: 200 })
    const answer = checkAnswer(body, url)
    if ('redirectnamespace' in answer || 'redirectname' in answer) {
      const now = `${answer['redirectnamespace'] ?? answer['namespace']}/${answer['redirectname'] ?? answer['name']}`
      deprecations.packageRedirect(name, now)
    }
    return answer['versions'] as Record<string, HubVersion>
  }
  return {
    versions(name) {
      let answer = asked.get(name)
      if (answer === undefined) asked.set(name, (answer = ask(name)))
      return answer
    },
  }
}

async function notInIndex(name: string, base: string, invocation: Invocation): Promise<never> {
  // The list of names is only worth its size when it can say what was meant.
  const index = await getJson(`${base}api/v1/index.json`, invocation.signal).catch(() => [])
  const near = Array.isArray(index) ? didYouMean(name, index.map(String)) : undefined
  return fail('dependency', 'package-not-in-index', `Package ${name} was not found in the package index`, {
    hint: near ?? `looked at ${base}`,
  })
}

function checkAnswer(body: unknown, url: string): Readonly<Record<string, unknown>> {
  const bad = (what: string): never =>
    fail('dependency', 'hub-answer', `The package hub gave an answer that is no package: ${what} (${url})`)
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return bad('not an object')
  const answer = body as Record<string, unknown>
  const versions = answer['versions']
  if (typeof answer['name'] !== 'string' || versions === null || typeof versions !== 'object') {
    return bad('name or versions are missing')
  }
  for (const [number, version] of Object.entries(versions as Record<string, Partial<HubVersion>>)) {
    if (typeof version.downloads?.tarball !== 'string' || !Array.isArray(version.packages)) {
      return bad(`version ${number} has no downloads or packages`)
    }
  }
  return answer
}

/** Does this version of a package accept us? Without `require_dbt_version` it does. */
export function acceptsUs(version: HubVersion): boolean {
  const required = version.require_dbt_version ?? []
  const parts = typeof required === 'string' ? [required] : required
  const specs = parts.map(parseVersionSpec)
  if (specs.some((spec) => spec === undefined)) return true
  return SPOKEN_VERSIONS.some((ours) => versionsCompatible([ours, ...specs.filter((spec) => spec !== undefined)]))
}
