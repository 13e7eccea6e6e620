import { fail } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { AdapterPlugin } from './adapter.js'

/** One line per warehouse: loaded on first use, so that a driver nobody needs costs nothing. */
const ADAPTERS: Readonly<Record<string, () => Promise<{ default: AdapterPlugin }>>> = {
  duckdb: () => import('./duckdb/index.js'),
  postgres: () => import('./postgres/index.js'),
}

export const adapterTypes: readonly string[] = Object.keys(ADAPTERS)

/**
 * The plugin of a warehouse type.
 * @throws PlumbError `adapter-not-found` for a type that has none.
 */
export async function loadAdapterPlugin(type: string): Promise<AdapterPlugin> {
  const load = Object.hasOwn(ADAPTERS, type) ? ADAPTERS[type] : undefined
  if (load === undefined) {
    fail('profile', 'adapter-not-found', `Could not find adapter type ${type}!`, {
      hint: didYouMean(type, adapterTypes) ?? `this version speaks to: ${adapterTypes.join(', ')}`,
    })
  }
  return (await load()).default
}
