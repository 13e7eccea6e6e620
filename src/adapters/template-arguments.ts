import { fail } from '../core/diagnostic.js'

/** The fields of a relation object that methods of adapters read. */
export interface TemplateRelation {
  readonly database: string | null
  readonly schema: string | null
  readonly identifier: string | null
  readonly type?: string | null
}

/**
 * One argument of a template's call, by position or by name.
 * @throws PlumbError `missing-argument` when the call gives neither.
 */
export function argument(
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  position: number,
  name: string,
): unknown {
  if (position < args.length) return args[position]
  if (Object.hasOwn(kwargs, name)) return kwargs[name]
  fail('compilation', 'missing-argument', `missing a required argument: '${name}'`)
}
