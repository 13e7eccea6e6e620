import { readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { fail } from '../../core/diagnostic.js'
import type { DuplicateKey, YamlMapping } from '../yaml/construct.js'
import { isYamlMapping } from '../yaml/plain-json.js'
import { type YamlPositions, yamlPositions } from '../yaml/positions.js'
import { readYaml } from '../yaml/read-yaml.js'

export const PROJECT_FILE = 'dbt_project.yml'

/** A YAML file as read, before rendering. */
export interface YamlFile {
  /** Absolute. */
  readonly path: string
  /** As messages name it: relative to the root project where it lies below it. */
  readonly name: string
  readonly text: string
  readonly data: YamlMapping
  /** Places in it; made on first use. */
  positions(): YamlPositions
}

/** A file's text, or undefined when there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return fail('project', 'file-unreadable', `Could not read ${path}: ${(error as Error).message}`)
  }
}

/** Wraps data of a YAML text with places on demand. */
export function yamlFile(path: string, name: string, text: string, data: YamlMapping): YamlFile {
  let positions: YamlPositions | undefined
  return { path, name, text, data, positions: () => (positions ??= yamlPositions(text, name)) }
}

/**
 * Reads a package's dbt_project.yml. `tests:` has become `data_tests:` when that is not there.
 * @throws PlumbError when it is missing, no YAML, or no mapping.
 */
export function readProjectFile(
  root: string,
  name: string,
  onDuplicate?: (key: DuplicateKey, text: string) => void,
): YamlFile {
  const path = join(root, PROJECT_FILE)
  const text = readText(path)
  if (text === undefined) {
    fail(
      'project',
      'project-missing',
      `No ${PROJECT_FILE} found at expected path ${normalize(path)}\n` +
        `Verify that each entry within packages.yml (and their transitive dependencies) contains a file named ${PROJECT_FILE}`,
      { hint: 'run inside a project, give --project-dir, or start one with `plumb init`' },
    )
  }
  const data = readYaml(text, name, onDuplicate === undefined ? {} : { onDuplicate: (key) => onDuplicate(key, text) })
  if (!isYamlMapping(data)) fail('project', 'project-not-mapping', `${PROJECT_FILE} does not parse to a dictionary`)
  if ('tests' in data && !('data_tests' in data)) {
    const { tests, ...rest } = data
    return yamlFile(path, name, text, { ...rest, data_tests: tests! })
  }
  return yamlFile(path, name, text, data)
}
