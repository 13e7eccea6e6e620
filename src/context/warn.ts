import { diagnostic, PlumbError } from '../core/diagnostic.js'
import type { PlumbEvent } from '../core/event.js'
import { warningTreatment } from '../core/warning-treatment.js'
import type { NodeScope } from './node-scope.js'
import { describeSubject } from './subject.js'

/**
 * Sends a warning, or raises it when `--warn-error` or `--warn-error-options` say so; a silenced one goes nowhere.
 * @throws PlumbError for a warning that counts as an error.
 */
export function warnOrError(scope: NodeScope, event: PlumbEvent): void {
  const { flags } = scope.session
  const treatment = warningTreatment(event, flags.warnErrorOptions, flags.warnError)
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
