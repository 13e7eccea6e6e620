import type { WarnErrorOptions } from './flags.js'

export type WarningTreatment = 'error' | 'warn' | 'silence'

/** Name in the options that stands for every deprecation: events whose code begins with D. */
const DEPRECATIONS = 'Deprecations'

/**
 * What is to be done with a warning. What names the event goes before what names all deprecations, and that before
 * `all`; at the same level `silence` goes before `warn`, and `warn` before `error` (dbt's rules).
 */
export function warningTreatment(
  event: { readonly name: string; readonly code: string },
  options: WarnErrorOptions,
  warnError: boolean,
): WarningTreatment {
  const { error, warn, silence } = options
  const errors: readonly string[] = error === 'all' ? [] : error
  const named = (name: string): WarningTreatment | undefined =>
    silence.includes(name) ? 'silence' : warn.includes(name) ? 'warn' : errors.includes(name) ? 'error' : undefined
  const all = warnError || error === 'all' || errors.includes('all') || errors.includes('*')
  return named(event.name) ?? (event.code.startsWith('D') ? named(DEPRECATIONS) : undefined) ?? (all ? 'error' : 'warn')
}
