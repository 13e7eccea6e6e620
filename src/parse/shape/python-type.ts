import { typeName, type Value } from '../../jinja/index.js'

/** `<class 'int'>`: how Python names the type of a value in messages. */
export function pythonType(value: unknown): string {
  return `<class '${value === null ? 'NoneType' : typeName(value as Value)}'>`
}
