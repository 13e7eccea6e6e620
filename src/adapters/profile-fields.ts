import { fail } from '../core/diagnostic.js'
import type { CredentialField } from './adapter.js'

/**
 * Puts a profile's output under the fields' own names: aliases resolved, defaults filled in, types checked. Keys that
 * no field declares are dropped, as are YAML nulls, which count as absent.
 * @throws PlumbError kind `profile` for a missing or ill-typed field, or a field given under two names.
 */
export function readProfileFields(
  type: string,
  fields: readonly CredentialField[],
  output: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const given = [field.name, ...(field.aliases ?? [])].filter((name) => isGiven(output[name]))
    if (given.length > 1) {
      fail('profile', 'profile-field-twice', `Got duplicate keys: (${given[1]}) all map to "${field.name}"`)
    }
    if (given.length === 1) values[field.name] = checkedValue(type, field, output[given[0]!])
    else if (field.required === true) {
      fail(
        'profile',
        'profile-field-missing',
        `Credentials in profile, target invalid: '${field.name}' is a required property`,
        {
          hint: `${field.name}: ${field.about}`,
        },
      )
    } else if (field.default !== undefined) values[field.name] = field.default
  }
  return values
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Profiles are often filled from the environment, so a number or a flag may arrive as text. */
function checkedValue(type: string, field: CredentialField, value: unknown): unknown {
  switch (field.kind) {
    case 'any':
      return value
    case 'integer':
      if (typeof value === 'number' && Number.isInteger(value)) return value
      if (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value)) return Number(value)
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
      break
    case 'string':
    case 'path':
      if (typeof value === 'string') return value
      if (typeof value === 'number') return String(value)
      break
  }
  fail(
    'profile',
    'profile-field-type',
    `Credentials in profile, target invalid: ${describe(value)} is not of type '${field.kind === 'path' ? 'string' : field.kind}' (${type} field '${field.name}')`,
  )
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
}
