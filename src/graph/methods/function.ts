import { byName } from './named-resource.js'

/** `function:name`, `function:package.name` */
export const functionMethod = byName(
  'function',
  'Functions must be of the form ${function_name} or ${function_package.function_name}',
)
