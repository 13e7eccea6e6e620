import { join } from 'node:path'
import { diagnostic, fail, PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import { PyFloat, type Scope, toRepr, type Value } from '../jinja/index.js'
import { readText, type YamlFile, yamlFile } from './config/project-file.js'
import { type Environment, revealSecrets } from './env-vars.js'
import { renderYaml } from './render/render-yaml.js'
import type { YamlMapping, YamlValue } from './yaml/construct.js'
import { isYamlMapping } from './yaml/plain-json.js'
import type { YamlPath } from './yaml/positions.js'
import { readYaml } from './yaml/read-yaml.js'

export const PACKAGES_FILE = 'packages.yml'
export const DEPENDENCIES_FILE = 'dependencies.yml'
export const LOCK_FILE = 'package-lock.yml'
export const LOCK_HASH_KEY = 'sha1_hash'

export type PackageSourceKind = 'local' | 'tarball' | 'git' | 'private' | 'package'

/** One entry of `packages:`, checked. */
export interface PackageSpec {
  readonly kind: PackageSourceKind
  /** Rendered. */
  readonly entry: YamlMapping
  /** As written, secrets and all templates still in it. */
  readonly unrendered: YamlMapping
}

export interface PackagesFile {
  /** `packages.yml`, or `dependencies.yml` when that is where packages stand. */
  readonly name: string
  readonly specs: readonly PackageSpec[]
}

/** Keys of each kind of package: the first ones must be there. */
const KINDS: Readonly<Record<PackageSourceKind, { required: readonly string[]; optional: readonly string[] }>> = {
  local: { required: ['local'], optional: ['name', 'unrendered'] },
  tarball: { required: ['tarball', 'name'], optional: ['unrendered'] },
  git: { required: ['git'], optional: ['revision', 'warn-unpinned', 'subdirectory', 'name', 'unrendered'] },
  package: {
    required: ['package', 'version'],
    optional: ['install_prerelease', 'install-prerelease', 'name', 'unrendered'],
  },
  private: {
    required: ['private'],
    optional: ['provider', 'revision', 'warn-unpinned', 'subdirectory', 'name', 'unrendered'],
  },
}

const isText = (value: YamlValue): boolean => typeof value === 'string'
const isVersion = (value: YamlValue): boolean => isText(value) || typeof value === 'number' || value instanceof PyFloat
const orNull =
  (check: (value: YamlValue) => boolean) =>
  (value: YamlValue): boolean =>
    value === null || check(value)

const FIELDS: Readonly<Record<string, (value: YamlValue) => boolean>> = {
  local: isText,
  tarball: isText,
  git: isText,
  private: isText,
  package: isText,
  version: (value) => isVersion(value) || (Array.isArray(value) && value.every(isVersion)),
  revision: orNull(isVersion),
  'warn-unpinned': orNull((value) => typeof value === 'boolean'),
  install_prerelease: orNull((value) => typeof value === 'boolean'),
  'install-prerelease': orNull((value) => typeof value === 'boolean'),
  subdirectory: orNull(isText),
  provider: orNull(isText),
  name: orNull(isText),
  unrendered: isYamlMapping,
}

export interface ReadPackagesOptions {
  /** Scope in which secrets are placeholders. */
  readonly scope: Scope
  readonly env: Environment
}

/**
 * Reads packages.yml and dependencies.yml of a project. What stands in dependencies.yml is not rendered.
 * @throws PlumbError in dbt's words, with all faults of the entries.
 */
export async function readPackagesFile(root: string, options: ReadPackagesOptions): Promise<PackagesFile> {
  const packages = readFile(root, PACKAGES_FILE)
  const dependencies = readFile(root, DEPENDENCIES_FILE)
  if (packages !== undefined && 'projects' in packages.data) {
    fail('project', 'packages-file', "The 'projects' key cannot be specified in packages.yml", {
      at: packages.positions().keyAt(['projects']),
      hint: 'projects belong in dependencies.yml',
    })
  }
  if (dependencies !== undefined && 'packages' in dependencies.data) {
    if (packages !== undefined && 'packages' in packages.data) {
      const message = "The 'packages' key cannot be specified in both packages.yml and dependencies.yml"
      fail('project', 'packages-file', message, { at: dependencies.positions().keyAt(['packages']) })
    }
    return { name: DEPENDENCIES_FILE, specs: checkPackages({ packages: dependencies.data['packages']! }, dependencies) }
  }
  if (packages === undefined) return { name: PACKAGES_FILE, specs: [] }
  return { name: PACKAGES_FILE, specs: checkPackages(await renderPackages(packages, options), packages) }
}

/** The entries of package-lock.yml and the hash of the file they were made from; undefined without a lock. */
export async function readLockFile(
  root: string,
  options: ReadPackagesOptions,
): Promise<{ hash: string | null; specs: readonly PackageSpec[] } | undefined> {
  const file = readFile(root, LOCK_FILE)
  if (file === undefined) return undefined
  const { [LOCK_HASH_KEY]: hash = null, ...rest } = await renderPackages(file, options)
  return { hash: typeof hash === 'string' ? hash : null, specs: checkPackages(rest, file) }
}

/** `projects:` of dependencies.yml: names of other teams' projects. */
export function readProjectDependencies(root: string): string[] {
  const projects = readFile(root, DEPENDENCIES_FILE)?.data['projects']
  if (!Array.isArray(projects)) return []
  return projects.flatMap((entry) => (isYamlMapping(entry) && typeof entry['name'] === 'string' ? [entry['name']] : []))
}

function readFile(root: string, name: string): YamlFile | undefined {
  const path = join(root, name)
  const text = readText(path)
  if (text === undefined) return undefined
  const data = readYaml(text, name)
  if (data === null) return yamlFile(path, name, text, {})
  if (!isYamlMapping(data))
    fail('project', 'packages-file', malformed(`${toRepr(data as Value)} is not of type 'object'`))
  return yamlFile(path, name, text, data)
}

async function renderPackages(file: YamlFile, options: ReadPackagesOptions): Promise<YamlMapping> {
  return renderYaml(file.data, {
    scope: options.scope,
    file: file.name,
    positions: file.positions,
    finish: (value) => (typeof value === 'string' ? revealSecrets(value, options.env) : value),
  })
}

function malformed(error: string): string {
  return (
    'The packages.yml file in this project is malformed. Please double check\nthe contents of this file and fix any errors ' +
    'before retrying.\n\nYou can find more information on the syntax for this file here:\n' +
    `https://docs.getdbt.com/docs/package-management\n\nValidator Error:\n${error}`
  )
}

/** Checks entries that come from elsewhere than a file (a hub's description of a package). */
export function checkEntries(entries: readonly unknown[], owner: string): PackageSpec[] {
  return entries.map((given) => {
    const entry = given as YamlValue
    const fault = entryFault(entry)
    if (fault !== undefined) {
      fail('dependency', 'packages-file', `The packages that ${owner} needs are malformed: ${fault.message}`)
    }
    return { kind: kindOf(entry as YamlMapping)!, entry: entry as YamlMapping, unrendered: {} }
  })
}

function checkPackages(data: YamlMapping, file: YamlFile): PackageSpec[] {
  const fault = (path: YamlPath, message: string, hint?: string): PlumbError =>
    new PlumbError(
      diagnostic('project', 'packages-file', malformed(message), {
        at: file.positions().nearest(path),
        sourceText: file.text,
        ...(hint === undefined ? {} : { hint }),
      }),
    )
  const list = data['packages'] ?? []
  const odd = Object.keys(data).filter((key) => key !== 'packages')
  if (odd.length > 0) {
    const named = `${odd.map((key) => toRepr(key)).join(', ')} ${odd.length === 1 ? 'was' : 'were'}`
    throw fault(
      [odd[0]!],
      `Additional properties are not allowed (${named} unexpected)`,
      didYouMean(odd[0]!, ['packages']),
    )
  }
  if (!Array.isArray(list)) throw fault(['packages'], `${toRepr(list as Value)} is not of type 'array'`)
  const unrendered = Array.isArray(file.data['packages']) ? file.data['packages'] : []
  const errors: PlumbError[] = []
  const specs = list.flatMap((entry, index): PackageSpec[] => {
    const path = ['packages', index]
    const wrong = entryFault(entry)
    if (wrong !== undefined) {
      errors.push(fault(path, wrong.message, wrong.hint))
      return []
    }
    const raw = unrendered[index]
    return [
      { kind: kindOf(entry as YamlMapping)!, entry: entry as YamlMapping, unrendered: isYamlMapping(raw) ? raw : {} },
    ]
  })
  if (errors.length > 0) throw new PlumbError(errors.flatMap((error) => error.diagnostics))
  return specs
}

function entryFault(entry: YamlValue): { message: string; hint?: string } | undefined {
  const unfit = `${toRepr(entry as Value)} is not valid under any of the given schemas`
  if (!isYamlMapping(entry)) return { message: unfit }
  for (const [kind, word] of [
    ['package', 'hub'],
    ['local', 'local'],
    ['git', 'git'],
  ] as const) {
    if (entry[kind] === '') return { message: `A ${word} package is missing the value. It is a required property.` }
  }
  const hub = entry['package']
  if (typeof hub === 'string') {
    const version = entry['version'] ?? ''
    if (version === '' || (Array.isArray(version) && version.length === 0)) {
      return {
        message: `${hub} is missing the version. When installing from the Hub package index, version is a required property`,
      }
    }
    if (!hub.includes('/')) {
      return {
        message: `${hub} was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils`,
      }
    }
  }
  return kindOf(entry) === undefined ? { message: unfit, ...hintFor(entry) } : undefined
}

function hintFor(entry: YamlMapping): { hint?: string } {
  const kind = (Object.keys(KINDS) as PackageSourceKind[]).find((each) => each in entry)
  if (kind === undefined) return { hint: `an entry has one of: ${Object.keys(KINDS).join(', ')}` }
  const { required, optional } = KINDS[kind]
  const missing = required.filter((key) => !(key in entry))
  if (missing.length > 0) return { hint: `\`${missing.join('`, `')}\` is missing` }
  const known = [...required, ...optional].filter((key) => key !== 'unrendered')
  const odd = Object.keys(entry).find((key) => !known.includes(key))
  if (odd === undefined) return {}
  return {
    hint: didYouMean(odd.replaceAll('_', '-'), known) ?? `\`${odd}\` is not known here; there are: ${known.join(', ')}`,
  }
}

/** The first kind all of whose rules an entry keeps, in dbt's order. */
function kindOf(entry: YamlMapping): PackageSourceKind | undefined {
  return (Object.keys(KINDS) as PackageSourceKind[]).find((kind) => {
    const { required, optional } = KINDS[kind]
    if (!required.every((key) => key in entry && (key !== 'name' || isText(entry[key]!)))) return false
    return Object.entries(entry).every(
      ([key, value]) => (required.includes(key) || optional.includes(key)) && FIELDS[key]!(value),
    )
  })
}
