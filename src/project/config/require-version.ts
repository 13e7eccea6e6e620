import { DBT_VERSION } from '../../core/invocation.js'
import { toRepr } from '../../jinja/index.js'
import { parseVersionSpec, type VersionSpec, versionsCompatible, versionText } from '../version-spec.js'
import type { ShapeFault } from './check-project.js'

/** What we are to projects and packages: dbt 1.11, and 1.12 to those that need it (we read what it added). */
export const SPOKEN_VERSIONS: readonly VersionSpec[] = [
  parseVersionSpec(`=${DBT_VERSION}`)!,
  parseVersionSpec('=1.12.99')!,
]

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
  if (!SPOKEN_VERSIONS.some((ours) => versionsCompatible([ours, ...specs]))) {
    return fault(
      `This version of dbt is not supported with the '${packageName}' package.\n` +
        `  Installed version of dbt: =${DBT_VERSION}\n` +
        `  Required version of dbt for '${packageName}': ${wanted}\n${WAY_OUT(packageName)}`,
    )
  }
  return undefined
}

const WAY_OUT = (name: string): string =>
  `Check for a different version of the '${name}' package, or run dbt again with --no-version-check`

function fault(message: string): ShapeFault {
  return { path: ['require-dbt-version'], message, bare: true }
}
