import { fail } from '../../core/diagnostic.js'
import { type HostFunction, toStr } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'

/** `adapter_macro`: gone from dbt; says what to use. */
export const adapterMacro: HostFunction = (args) =>
  fail(
    'compilation',
    'adapter-macro',
    `The "adapter_macro" macro has been deprecated; it was called for: ${toStr(args[0])}`,
    {
      hint: 'use adapter.dispatch(...) to find the macro and call what it answers',
    },
  )

/** `submit_python_job`: Python models need Python. */
export const submitPythonJob: Member =
  (scope): HostFunction =>
  () =>
    fail('runtime', 'python-model', `Python models are not supported: ${scope.subject.unique_id} cannot be run`, {
      hint: 'write the model in SQL',
      nodeId: scope.subject.unique_id,
    })
