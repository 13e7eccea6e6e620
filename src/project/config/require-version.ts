import { DBT_VERSION } from '../../core/invocation.js'
import { toRepr } from '../../jinja/index.js'
import {
  compareVersions,
  parseVersionSpec,
  type VersionSpec,
  versionsCompatible,
  versionText,
} from '../version-spec.js'
import type { ShapeFault } from './check-project.js'

/** The dbt version whose projects we run, as a spec; what 1.12 added is understood too, so its minimum is met. */
const SPOKEN: VersionSpec = parseVersionSpec(`=${DBT_VERSION}`)!
const NEWEST: VersionSpec = parseVersionSpec('=1.12.99')!

/** Splits `require-dbt-version` (a text with commas, or a list) into its parts. */
export function versionParts(required: string | readonly string[] | null): readonly string[] {
  if (required === null) return ['>=0.0.0']
  return typeof required === 'string' ? required.split(',') : required
}

/** What is wrong with a project's `require-dbt-version`; `check` false looks at its form only. */
export function checkRequiredVersion(
  parts: readonly string[],
  packageName: string,
  check: boolean,
): ShapeFault | undefined {
  const specs: VersionSpec[] = []
  for (const part of parts) {
    const spec = parseVersionSpec(part)
    if (spec === undefined) return fault(`"${part}" is not a valid semantic version.`)
    specs.push(spec)
  }
  if (!check) return undefined
  const wanted = `[${specs.map((spec) => toRepr(versionText(spec))).join(', ')}]`
  if (!versionsCompatible(specs)) {
    return fault(
      `The package version requirement can never be satisfied for the '${packageName}\npackage.\n` +
        `  Required versions of dbt for '${packageName}': ${wanted}\n${WAY_OUT(packageName)}`,
    )
  }
  if (!accepts(specs)) {
    return fault(
      `This version of dbt is not supported with the '${packageName}' package.\n` +
        `  Installed version of dbt: =${DBT_VERSION}\n` +
        `  Required version of dbt for '${packageName}': ${wanted}\n${WAY_OUT(packageName)}`,
    )
  }
  return undefined
}

/** We are dbt 1.11 to projects, and 1.12 to those that need it. */
function accepts(specs: readonly VersionSpec[]): boolean {
  if (versionsCompatible([SPOKEN, ...specs])) return true
  return (
    versionsCompatible([NEWEST, ...specs]) &&
    specs.every((spec) => compareVersions(spec, NEWEST) !== 0 || spec.matcher !== '=')
  )
}

const WAY_OUT = (name: string): string =>
  `Check for a different version of the '${name}' package, or run dbt again with --no-version-check`

function fault(message: string): ShapeFault {
  return { path: ['require-dbt-version'], message, bare: true }
}
