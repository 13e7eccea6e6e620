import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import type { Value } from '../../jinja/index.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import { LOCK_HASH_KEY, type PackageSpec } from '../packages-file.js'
import { pythonJson } from '../render/python-json.js'
import type { YamlValue } from '../yaml/construct.js'
import { dumpYaml } from '../yaml/dump-yaml.js'

/**
 * dbt's hash of a list of packages: SHA-1 of the entries as JSON, fields filled in, sorted. Equal to dbt's own, so that
 * a lock file either tool wrote is good for the other.
 */
export function packagesHash(specs: readonly PackageSpec[]): string {
  const entries = specs.map((spec) => pythonJson(withDefaults(spec) as Value, { sortKeys: true })).sort()
  return createHash('sha1').update(entries.join('\n'), 'utf8').digest('hex')
}

const DEFAULTS: { readonly [K in PackageSpec['kind']]: Readonly<Record<string, YamlValue>> } = {
  local: {},
  tarball: {},
  git: { revision: null, 'warn-unpinned': null, subdirectory: null },
  private: { provider: null, revision: null, 'warn-unpinned': null, subdirectory: null },
  package: { install_prerelease: false },
}

function withDefaults(spec: PackageSpec): Record<string, YamlValue> {
  const { name, 'install-prerelease': prerelease, ...entry } = { ...DEFAULTS[spec.kind], ...spec.entry }
  return {
    ...entry,
    ...(prerelease === undefined ? {} : { install_prerelease: prerelease }),
    ...(name === undefined || name === null ? {} : { name }),
    unrendered: spec.unrendered,
  }
}

/** Writes package-lock.yml, whole or not at all. */
export function writeLockFile(path: string, entries: readonly JsonObject[], hash: string): void {
  const content: Json = { packages: [...entries], [LOCK_HASH_KEY]: hash }
  writeWhole(path, dumpYaml(content, { indentLists: true }))
}

/** Writes a file beside its place and moves it there. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}
