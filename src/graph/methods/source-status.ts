import { fail } from '../../core/diagnostic.js'
import type { UniqueId } from '../../manifest/index.js'
import { EVERYTHING, type FreshnessResults, type SelectorMethod } from './method.js'

/** `source_status:fresher`: sources that were loaded since the sources.json of the state given by `--state`. */
export const sourceStatus: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, { sources }) {
    if (sources?.previous === undefined) {
      return fail('internal', 'no-comparison-state', 'No previous state comparison freshness results in sources.json', {
        hint: 'give the folder of a previous sources.json with --state',
      })
    }
    if (sources.current === undefined) {
      return fail('internal', 'no-comparison-state', 'No current state comparison freshness results in sources.json', {
        hint: 'run `plumb source freshness` first',
      })
    }
    const before = loadedAt(sources.previous)
    const now = loadedAt(sources.current)
    return ({ unique_id: id }) => {
      const loaded = now.get(id)
      if (value !== 'fresher' || loaded === undefined) return false
      const earlier = before.get(id)
      return earlier === undefined || loaded > earlier
    }
  },
  names: () => ['fresher'],
}

/** Microseconds since the epoch by source; sources whose check failed are left out. */
function loadedAt({ results }: FreshnessResults): Map<UniqueId, bigint> {
  const times = new Map<UniqueId, bigint>()
  for (const { unique_id: id, max_loaded_at: text } of results) {
    const time = typeof text === 'string' ? microseconds(text) : undefined
    if (time !== undefined) times.set(id, time)
  }
  return times
}

/** `2026-01-01T00:00:00.000002+00:00`, with any number of decimals; without a zone it is UTC. */
function microseconds(text: string): bigint | undefined {
  const [, seconds, decimals = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? []
  if (seconds === undefined) return undefined
  const milliseconds = Date.parse(seconds.replace(' ', 'T') + zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2'))
  return BigInt(milliseconds) * 1000n + BigInt(decimals.padEnd(6, '0').slice(0, 6))
}
