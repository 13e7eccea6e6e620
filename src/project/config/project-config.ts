import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { SourceSpan } from '../../core/source-span.js'
import { type Scope, toStr, type Value } from '../../jinja/index.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import type { Deprecations } from '../deprecations.js'
import { renderYaml } from '../render/render-yaml.js'
import { skipInProject } from '../render/skip-keys.js'
import type { ConfigSection, ProjectConfig, QueryComment } from '../types.js'
import type { YamlMapping, YamlValue } from '../yaml/construct.js'
import { isYamlMapping, plainJson } from '../yaml/plain-json.js'
import type { YamlPath } from '../yaml/positions.js'
import { checkProject, faultText, type ShapeFault } from './check-project.js'
import type { YamlFile } from './project-file.js'
import { CONFIG_SECTIONS } from './project-keys.js'
import { checkRequiredVersion, versionParts } from './require-version.js'

export interface ProjectConfigOptions {
  readonly scope: Scope
  readonly deprecations: Deprecations
  /** Fail when `require-dbt-version` shuts us out. */
  readonly checkVersion: boolean
  /** `--target-path` / `--log-path`: stronger than the file. */
  readonly targetPath?: string | undefined
  readonly logPath?: string | undefined
  /** From vars.yml; takes the place of `vars:`. */
  readonly fileVars?: JsonObject | undefined
}

/**
 * Renders and checks a dbt_project.yml and fills in dbt's defaults.
 * @throws PlumbError with everything that is wrong with it.
 */
export async function buildProjectConfig(file: YamlFile, options: ProjectConfigOptions): Promise<ProjectConfig> {
  const rendered = await renderYaml(file.data, {
    scope: options.scope,
    file: file.name,
    skip: skipInProject,
    finish: defaultEmptyLeaf,
    positions: file.positions,
  })
  const version = versionParts(requiredVersion(rendered['require-dbt-version']))
  const faults = [
    ...renamedKeyFaults(rendered),
    ...checkProject(rendered),
    ...[checkRequiredVersion(version, String(rendered['name'] ?? ''), options.checkVersion)].filter(
      (f) => f !== undefined,
    ),
  ]
  if (faults.length > 0) throw new PlumbError(faults.map((fault) => projectFault(fault, file)))
  warnOfOldKeys(rendered, options.deprecations)
  return fillIn(rendered, file.data, version, options)
}

function requiredVersion(value: YamlValue | undefined): string | readonly string[] | null {
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null
}

/** A fault of shape as a diagnostic in dbt's words. */
export function projectFault(fault: ShapeFault, file: YamlFile): Diagnostic {
  return diagnostic('project', 'project-invalid', `${faultText(fault)}\n\nError encountered in ${file.path}`, {
    at: placeOf(fault, file),
    sourceText: file.text,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
  })
}

function placeOf(fault: ShapeFault, file: YamlFile): SourceSpan {
  const path = fault.place ?? fault.path
  const positions = file.positions()
  return (fault.atKey === true ? positions.keyAt(path) : undefined) ?? positions.nearest(path)
}

const EMPTY_TREES = new Set(['models', 'seeds', 'snapshots'])

/** dbt's post-processing: nothing becomes an empty list or mapping, a lone hook a list. */
function defaultEmptyLeaf(value: YamlValue, path: YamlPath): YamlValue {
  const [first, second] = path
  if (path.length === 1 && (first === 'on-run-start' || first === 'on-run-end')) return listOf(value)
  if (typeof first !== 'string' || !EMPTY_TREES.has(first)) return value
  if (path.length === 1) return value ?? {}
  if (path.length !== 2) return value
  if (second === 'vars' || (first === 'seeds' && second === 'column_types')) return value ?? {}
  return second === 'pre-hook' || second === 'post-hook' ? listOf(value) : value
}

function listOf(value: YamlValue): YamlValue {
  return value === null ? [] : typeof value === 'string' ? [value] : value
}

const RENAMED: Readonly<Record<string, string>> = { 'source-paths': 'model-paths', 'data-paths': 'seed-paths' }

function renamedKeyFaults(project: YamlMapping): ShapeFault[] {
  return Object.entries(RENAMED)
    .filter(([old, now]) => old in project && now in project)
    .map(([old, now]) => ({
      path: [old],
      bare: true,
      message:
        `${old} and ${now} cannot both be defined. The \`${old}\` config has been deprecated in favor of \`${now}\`. ` +
        'Please update your `dbt_project.yml` configuration to reflect this change.',
    }))
}

function warnOfOldKeys(project: YamlMapping, deprecations: Deprecations): void {
  for (const [old, now] of Object.entries(RENAMED)) if (old in project) deprecations.renamedKey(old, now)
  if ('log-path' in project && project['log-path'] !== 'logs') deprecations.pathKey('log-path')
  if ('target-path' in project && project['target-path'] !== 'target') deprecations.pathKey('target-path')
}

function fillIn(
  project: YamlMapping,
  raw: YamlMapping,
  requireDbtVersion: readonly string[],
  options: ProjectConfigOptions,
): ProjectConfig {
  const paths = (key: string, fallback: readonly string[]): readonly string[] =>
    (project[key] as readonly string[] | null | undefined) ?? fallback
  const text = (key: string, fallback: string): string => (project[key] as string | null | undefined) ?? fallback
  const targetPath = options.targetPath ?? text('target-path', 'target')
  const version = project['version'] ?? null
  return {
    name: project['name'] as string,
    version: version === null ? null : toStr(version as Value),
    profile: (project['profile'] as string | null | undefined) ?? null,
    modelPaths: paths('model-paths', paths('source-paths', ['models'])),
    seedPaths: paths('seed-paths', paths('data-paths', ['seeds'])),
    snapshotPaths: paths('snapshot-paths', ['snapshots']),
    testPaths: paths('test-paths', ['tests']),
    analysisPaths: paths('analysis-paths', ['analyses']),
    macroPaths: paths('macro-paths', ['macros']),
    functionPaths: paths('function-paths', ['functions']),
    docsPaths: (project['docs-paths'] as readonly string[] | null | undefined) ?? null,
    assetPaths: paths('asset-paths', []),
    targetPath,
    logPath: options.logPath ?? text('log-path', 'logs'),
    packagesInstallPath: text('packages-install-path', 'dbt_packages'),
    cleanTargets: paths('clean-targets', [targetPath]),
    quoting: withoutNulls(object(project['quoting'])) as ProjectConfig['quoting'],
    requireDbtVersion,
    restrictAccess: project['restrict-access'] === true,
    dispatch: ((project['dispatch'] ?? []) as YamlMapping[]).map((entry) => ({
      macro_namespace: String(entry['macro_namespace']),
      search_order: (entry['search_order'] as YamlValue[]).map(String),
    })),
    onRunStart: (project['on-run-start'] ?? []) as string[],
    onRunEnd: (project['on-run-end'] ?? []) as string[],
    vars: options.fileVars ?? ((project['vars'] ?? {}) as JsonObject),
    queryComment: readQueryComment(project),
    flags: object(project['flags']),
    configTrees: trees(project),
    unrenderedTrees: trees(raw),
  }
}

function object(value: YamlValue | undefined): JsonObject {
  return value === undefined || value === null ? {} : (plainJson(value) as JsonObject)
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null))
}

function trees(project: YamlMapping): { [K in ConfigSection]: JsonObject } {
  const entries = CONFIG_SECTIONS.map((section): [ConfigSection, JsonObject] => {
    const tree: Json = plainJson(project[section] ?? {})
    return [section, isYamlMapping(tree) ? (tree as JsonObject) : {}]
  })
  return Object.fromEntries(entries) as { [K in ConfigSection]: JsonObject }
}

/** Absent: dbt's own comment. Empty or null: none. A text, or a mapping with `comment`, `append`, `job-label`. */
function readQueryComment(project: YamlMapping): QueryComment {
  if (!('query-comment' in project)) return { comment: null, append: false, jobLabel: false }
  const given = project['query-comment']!
  if (!isYamlMapping(given)) {
    return { comment: typeof given === 'string' ? given : '', append: false, jobLabel: false }
  }
  return {
    comment: (given['comment'] as string | undefined) ?? null,
    append: given['append'] === true,
    jobLabel: given['job-label'] === true,
  }
}
