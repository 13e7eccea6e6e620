import type { EventLevel } from '../../core/event.js'
import type { Invocation } from '../../core/invocation.js'
import type { Scope } from '../../jinja/index.js'
import type { Deprecations } from '../deprecations.js'
import { type Environment, scrubSecrets } from '../env-vars.js'
import type { HubClient } from './hub-client.js'

/** What every kind of package needs to be resolved and installed. One per `deps`. */
export interface DepsContext {
  readonly invocation: Invocation
  readonly env: Environment
  /** The root project's folder. */
  readonly projectDir: string
  /** Where things are downloaded to; gone afterwards. */
  readonly downloadsDir: string
  /** Scope in which packages.yml files are rendered. */
  readonly scope: Scope
  readonly hub: HubClient
  readonly deprecations: Deprecations
  /** Only versions whose `require_dbt_version` lets us in. */
  readonly versionCheck: boolean
  /** Repositories checked out so far, by address and revision. */
  readonly checkouts: Map<string, Promise<Checkout>>
}

/** A repository on disk: the folder of the project in it, the commit it stands at. */
export interface Checkout {
  readonly folder: string
  readonly commit: string
}

/** Sends one of dbt's events, without secrets. */
export function tell(
  context: Pick<DepsContext, 'invocation' | 'env'>,
  level: EventLevel,
  name: string,
  code: string,
  msg: string,
  data: Readonly<Record<string, unknown>> = {},
): void {
  const scrub = (value: unknown): unknown => (typeof value === 'string' ? scrubSecrets(value, context.env) : value)
  const clean = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, scrub(value)]))
  context.invocation.emit({ name, code, level, msg: scrubSecrets(msg, context.env), data: clean })
}
