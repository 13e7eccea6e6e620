import { pyError } from '../values/errors.js'
import { placeFailure } from './failure.js'
import type { Frame } from './frame.js'

/**
 * Runs a body in its frame: makes it the thread's active one, limits the depth, and gives errors their place.
 * Synchronous as long as the body is.
 */
export function runFrame<R>(frame: Frame, body: (frame: Frame) => R | Promise<R>): R | Promise<R> {
  const { thread } = frame
  // Not caught below: the fault is where the caller is.
  if (thread.depth >= thread.maxDepth) throw pyError('TemplateRuntimeError', 'maximum recursion depth exceeded')
  const outer = thread.active
  thread.active = frame
  thread.depth++
  let result: R | Promise<R>
  try {
    result = body(frame)
  } catch (error) {
    thread.depth--
    thread.active = outer
    throw placeFailure(error, frame)
  }
  if (result instanceof Promise) {
    return result.then(
      (value) => {
        thread.depth--
        thread.active = outer
        return value
      },
      (error) => {
        thread.depth--
        thread.active = outer
        throw placeFailure(error, frame)
      },
    )
  }
  thread.depth--
  thread.active = outer
  return result
}
