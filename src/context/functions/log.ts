import type { EventLevel } from '../../core/event.js'
import { bindArguments, type HostFunction, toStr, truthy } from '../../jinja/index.js'
import { maskPlaceholders } from '../../project/env-vars.js'
import type { Member } from '../node-scope.js'

/** `log(msg, info=False)`: to the log file, with `info` to the terminal too. Prints nothing into the template. */
export const log: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const [message, info] = bindArguments('log', ['msg', 'info'], args, kwargs, { info: false })
    const msg = maskPlaceholders(toStr(message))
    const [name, code, level]: [string, string, EventLevel] = truthy(info)
      ? ['JinjaLogInfo', 'I062', 'info']
      : ['JinjaLogDebug', 'I063', 'debug']
    scope.emit({ name, code, level, msg, data: { msg } })
    return ''
  }

/** `print(msg)`: to standard output, even under `--quiet`. */
export const print: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const [message] = bindArguments('print', ['msg'], args, kwargs)
    const msg = toStr(message)
    if (scope.session.flags.printer) scope.emit({ name: 'PrintEvent', code: 'Z052', level: 'info', msg, data: { msg } })
    return ''
  }
