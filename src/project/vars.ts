import { fail } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { JsonObject } from '../manifest/index.js'
import { SECRET_ENV_PREFIX } from './env-vars.js'
import type { Package, Project } from './types.js'
import type { YamlValue } from './yaml/construct.js'
import { isYamlMapping, plainJson } from './yaml/plain-json.js'

/**
 * What `var()` answers in a package, weakest first: the package's own vars, its own vars under its name, the root
 * project's, the root project's under the package's name, `--vars` (dbt's order). Values are template values: they may
 * hold floats and dates that JSON has no word for.
 */
export function resolveVars(project: Project, packageName: string): JsonObject {
  return { ...packageVars(project, packageName), ...project.cliVars }
}

/** As {@link resolveVars}, without those of the command line. */
export function packageVars(project: Project, packageName: string): JsonObject {
  const pkg = project.packages.get(packageName)
  const own = pkg === undefined || pkg.kind === 'root' ? {} : varsOf(pkg, packageName)
  return { ...own, ...varsOf(project.root, packageName) }
}

function varsOf(source: Package, packageName: string): JsonObject {
  const { vars } = source.config
  const scoped = Object.hasOwn(vars, packageName) ? vars[packageName] : undefined
  return isYamlMapping(scoped) ? { ...vars, ...(scoped as JsonObject) } : vars
}

/** Fails as dbt does for a var that is not there; `where` is the node's name, or `<Configuration>`. */
export function failMissingVar(name: string, vars: JsonObject, where = '<Configuration>'): never {
  const shown = JSON.stringify(sortKeys(plainJson(vars as YamlValue)), null, 4)
  const secrets = Object.entries(vars)
    .filter(([key, value]) => key.startsWith(SECRET_ENV_PREFIX) && String(value).trim() !== '')
    .map(([, value]) => String(value))
  const message = `Required var '${name}' not found in config:\nVars supplied to ${where} = ${shown}`
  fail(
    'compilation',
    'var-missing',
    secrets.reduce((text, secret) => text.replaceAll(secret, '*****'), message),
    {
      hint:
        didYouMean(name, Object.keys(vars)) ??
        `set it under \`vars:\` in dbt_project.yml, or with --vars, or give a default: var('${name}', ...)`,
    },
  )
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  )
}
