import { PlumbError } from '../core/diagnostic.js'

/** dbt's sentence, which it adds wherever a template of a node or an operation uses a name that is not there. */
const NOTE =
  'This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies ' +
  'with "dbt deps".'

/** The error with dbt's sentence behind each message about an undefined name; one that has it is left as it is. */
export function noteUndefined(error: PlumbError): PlumbError {
  const lacks = error.diagnostics.map((d) => d.code === 'jinja-undefined' && !d.message.endsWith(NOTE))
  if (!lacks.includes(true)) return error
  return new PlumbError(
    error.diagnostics.map((d, i) => (lacks[i] ? { ...d, message: `${d.message}. ${NOTE}` } : d)),
    error.cause ?? error,
  )
}
