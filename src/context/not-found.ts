import { diagnostic, PlumbError } from '../core/diagnostic.js'
import type { NodeVersion } from '../manifest/index.js'
import type { ScopeSubject } from './subject.js'

export interface NotFoundDetails {
  readonly packageName?: string | null
  readonly version?: NodeVersion | null
  /** Null when it is not known which of the two it is. */
  readonly disabled: boolean | null
  readonly hint?: string | undefined
}

/**
 * The error for a reference to something that is not there, in dbt's words: `Model 'model.shop.b' (models/b.sql)
 * depends on a node named 'a' which was not found`.
 */
export function notFound(
  subject: ScopeSubject,
  kind: 'node' | 'source' | 'metric' | 'function',
  name: string,
  details: NotFoundDetails,
): PlumbError {
  const { packageName, version, disabled } = details
  const reason = disabled === null ? 'was not found or is disabled' : disabled ? 'is disabled' : 'was not found'
  const ofVersion = version == null ? '' : `with version '${version}' `
  const inPackage = packageName == null ? '' : `in package or project '${packageName}' `
  const who = `${titleCase(subject.resource_type)} '${subject.unique_id}' (${subject.original_file_path})`
  return new PlumbError(
    diagnostic(
      'compilation',
      kind === 'node' ? 'ref-not-found' : `${kind}-not-found`,
      `${who} depends on a ${kind} named '${name}' ${ofVersion}${inPackage}which ${reason}`,
      { nodeId: subject.unique_id, hint: details.hint },
    ),
  )
}

function titleCase(text: string): string {
  return text.replace(/(^|[^A-Za-z])([a-z])/g, (_all, before: string, letter: string) => before + letter.toUpperCase())
}
