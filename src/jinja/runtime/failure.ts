import { type CallFrame, diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { Value } from '../values/value.js'
import type { Frame } from './frame.js'

/** How `return(value)` leaves a macro from inside an expression or a caller body. Not an error: caught by the macro. */
export class MacroReturn {
  constructor(readonly value: Value) {}
}

/**
 * The error with place and macro call stack, taken from the frame it came out of. An error that has a place keeps it;
 * what a host function threw is wrapped. Control flow (`return`, aborts) passes unchanged.
 */
export function placeFailure(error: unknown, frame: Frame): unknown {
  if (error instanceof MacroReturn) return error
  const stack = frame.thread.stack.length === 0 ? undefined : frame.thread.stack.map(settled)
  if (error instanceof PlumbError) {
    if (error.diagnostics.every((d) => d.at !== undefined && d.callStack !== undefined)) return error
    const { source, origin } = frame.text
    const diagnostics = error.diagnostics.map((d) =>
      d.at !== undefined
        ? { ...d, callStack: d.callStack ?? stack ?? [] }
        : {
            ...d,
            at: frame.place(),
            callStack: d.callStack ?? stack ?? [],
            sourceText: d.sourceText ?? (origin.offset === 0 ? source : undefined),
          },
    )
    return new PlumbError(diagnostics, error.cause ?? error)
  }
  if (error instanceof Error && error.name === 'AbortError') return error
  return new PlumbError(hostFailure(error, frame, stack ?? []), error)
}

function hostFailure(error: unknown, frame: Frame, callStack: readonly CallFrame[]) {
  const at = frame.place()
  if (error instanceof RangeError && error.message.includes('call stack'))
    return diagnostic('compilation', 'jinja-recursion', 'maximum recursion depth exceeded', { at, callStack })
  const message = error instanceof Error ? error.message : String(error)
  return diagnostic('compilation', 'jinja-host-error', message, { at, callStack })
}

function settled(frame: CallFrame): CallFrame {
  return { name: frame.name, at: frame.at }
}
