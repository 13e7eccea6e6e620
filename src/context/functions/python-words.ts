import { typeName, type Value } from '../../jinja/index.js'

/** `<class 'int'>`: how Python's messages name the type of a value. */
export function classOf(value: Value): string {
  return `<class '${typeName(value)}'>`
}
