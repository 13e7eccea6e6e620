import { diagnostic, PlumbError } from '../core/diagnostic.js'
import type { PlumbEvent } from '../core/event.js'
import type { Flags } from '../core/flags.js'
import type { NodeScope } from './node-scope.js'
import { describeSubject } from './subject.js'

/**
 * Sends a warning, or raises it when `--warn-error` or `--warn-error-options` say so; a silenced one goes nowhere.
 * @throws PlumbError for a warning that counts as an error.
 */
export function warnOrError(scope: NodeScope, event: PlumbEvent): void {
  const treatment = treatmentOf(scope.session.flags, event.name)
  if (treatment === 'silence') return
  if (treatment === 'warn') {
    scope.emit(event)
    return
  }
  throw new PlumbError(
    diagnostic('compilation', 'warning-as-error', event.msg, {
      nodeId: scope.subject.unique_id,
      subject: describeSubject(scope.subject),
    }),
  )
}

/** What the flags say is to be done with warnings of this name. */
export function treatmentOf(flags: Flags, name: string): 'error' | 'warn' | 'silence' {
  const { error, warn, silence } = flags.warnErrorOptions
  if (silence.includes(name)) return 'silence'
  if (error !== 'all') return error.includes(name) || (flags.warnError && !warn.includes(name)) ? 'error' : 'warn'
  return warn.includes(name) ? 'warn' : 'error'
}
