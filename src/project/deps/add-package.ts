import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Document } from 'yaml'
import { fail } from '../../core/diagnostic.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import { readText } from '../config/project-file.js'
import { checkEntries } from '../packages-file.js'
import { installableVersions, parseVersionSpec } from '../version-spec.js'
import { isYamlMapping } from '../yaml/plain-json.js'
import { type DepsContext, tell } from './deps-context.js'
import { acceptsUs } from './hub-client.js'
import { writeWhole } from './lock-file.js'

export type PackageSource = 'hub' | 'git' | 'local'

/**
 * Puts a package into the packages file, in the place of an entry for the same one. A hub package without a version gets
 * the range of its newest major version.
 */
export async function addPackage(
  given: string,
  source: PackageSource,
  fileName: string,
  context: DepsContext,
): Promise<void> {
  const { name, version } = splitVersion(given)
  const entry = await makeEntry(name, version, source, context)
  const path = join(context.projectDir, fileName)
  if (!existsSync(path)) tell(context, 'info', 'Formatting', 'Z017', 'Created packages.yml')
  checkEntries([entry], path)
  const { text, removed } = await withPackage(readText(path) ?? '', entry, name)
  for (const each of removed) {
    const msg = `Found duplicate package in packages.yml, removing: ${JSON.stringify(each)}`
    tell(context, 'info', 'DepsFoundDuplicatePackage', 'M033', msg, { removed_package: each })
  }
  writeWhole(path, text)
  tell(context, 'info', 'DepsAddPackage', 'M032', `Added new package ${name}@${version ?? 'None'} to ${path}`, {
    package_name: name,
    version,
    packages_filepath: path,
  })
}

/** The packages file with an entry added and those for the same package removed; comments stay. */
async function withPackage(text: string, entry: JsonObject, name: string): Promise<{ text: string; removed: Json[] }> {
  const { isMap, isSeq, parseDocument } = await import('yaml')
  // YAML 1.1, so that a revision like `yes` gets quotes.
  const parse = (content: string): Document => parseDocument(content, { version: '1.1' })
  const given = parse(text)
  const hasList = isMap(given.contents) && isSeq(given.contents.get('packages'))
  const rest = text.replace(/^packages:[ \t]*(?:null|~|\[\])?[ \t]*$/m, '').trimEnd()
  const document = hasList ? given : parse(`${rest}\npackages: []\n`)
  const list = document.get('packages')
  if (!isSeq(list)) {
    return fail('project', 'packages-file', "'packages' is not a list", { hint: 'mend the file by hand first' })
  }
  const before = list.toJSON() as Json[]
  const removed = before.filter((each) => isSamePackage(each, name))
  list.items = list.items.filter((_item, index) => !removed.includes(before[index]!))
  list.flow = false
  list.add(document.createNode(entry))
  return { text: document.toString({ lineWidth: 0 }), removed }
}

/** `name@version`; an `@` inside an address (`git@github.com:x`) is part of the name. */
export function splitVersion(given: string): { name: string; version: string | null } {
  const at = given.lastIndexOf('@')
  if (at <= 0 || /[:/]/.test(given.slice(at + 1))) return { name: given, version: null }
  return { name: given.slice(0, at), version: given.slice(at + 1) }
}

async function makeEntry(
  name: string,
  version: string | null,
  source: PackageSource,
  context: DepsContext,
): Promise<JsonObject> {
  if (source === 'local') return { local: name }
  if (source === 'git') return version === null ? { git: name } : { git: name, revision: version }
  if (version !== null) return { package: name, version: version.includes(',') ? version.split(',') : version }
  if (!name.includes('/')) {
    fail(
      'dependency',
      'package-not-in-index',
      `${name} was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils`,
    )
  }
  const versions = await context.hub.versions(name)
  const newest = installableVersions(
    Object.keys(versions).filter((each) => acceptsUs(versions[each]!)),
    false,
  ).at(-1)
  const spec = newest === undefined ? undefined : parseVersionSpec(newest)
  if (newest === undefined || spec === undefined) {
    return fail('dependency', 'version-not-found', `${name} has no version that can be installed`, {
      hint: `name one: --add-package ${name}@1.0.0`,
    })
  }
  return { package: name, version: [`>=${newest}`, `<${spec.major + 1}.0.0`] }
}

/** Does an entry mean the package that is added, whichever its source and its dashes? `dbt-core` is not `dbt-core-x`. */
function isSamePackage(entry: Json, name: string): boolean {
  if (!isYamlMapping(entry)) return false
  const keys = ['package', 'git', 'local', 'tarball', 'private']
  const address = keys.map((key) => entry[key]).find((value) => typeof value === 'string' && value !== '')
  if (typeof address !== 'string') return false
  const short = name.slice(name.lastIndexOf('/') + 1)
  const spellings = new Set(
    [name, short].flatMap((each) => [each, each.replaceAll('_', '-'), each.replaceAll('-', '_')]),
  )
  return [...spellings].some((each) => {
    const start = address.indexOf(each)
    const end = start + each.length
    const isEdge = (char: string | undefined): boolean => char === undefined || char === '/' || char === '.'
    return start !== -1 && isEdge(address[start - 1]) && isEdge(address[end])
  })
}
