import type { JsonObject } from '../manifest/index.js'

/** dbt_project.yml of one package after rendering, defaults filled in. Paths are relative to `root`. */
export interface ProjectConfig {
  readonly name: string
  readonly version: string | null
  readonly profile: string | null
  readonly modelPaths: readonly string[]
  readonly seedPaths: readonly string[]
  readonly snapshotPaths: readonly string[]
  readonly testPaths: readonly string[]
  readonly analysisPaths: readonly string[]
  readonly macroPaths: readonly string[]
  readonly functionPaths: readonly string[]
  readonly docsPaths: readonly string[] | null
  readonly assetPaths: readonly string[]
  readonly targetPath: string
  readonly logPath: string
  readonly packagesInstallPath: string
  readonly cleanTargets: readonly string[]
  readonly quoting: {
    readonly database?: boolean
    readonly schema?: boolean
    readonly identifier?: boolean
    readonly snowflake_ignore_case?: boolean
  }
  readonly requireDbtVersion: readonly string[]
  readonly restrictAccess: boolean
  readonly dispatch: readonly { readonly macro_namespace: string; readonly search_order: readonly string[] }[]
  readonly onRunStart: readonly string[]
  readonly onRunEnd: readonly string[]
  readonly vars: JsonObject
  readonly queryComment: QueryComment
  readonly flags: JsonObject
  /** Raw per-folder config trees (`models:`, `seeds:` ...), rendered except for hooks (dbt renders those per node); `+` kept. */
  readonly configTrees: { readonly [K in ConfigSection]: JsonObject }
  /** The same trees before rendering: for `unrendered_config`. */
  readonly unrenderedTrees: { readonly [K in ConfigSection]: JsonObject }
}

export type ConfigSection =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'tests'
  | 'data_tests'
  | 'unit_tests'
  | 'sources'
  | 'exposures'
  | 'metrics'
  | 'semantic-models'
  | 'saved-queries'
  | 'functions'
  | 'analyses'

export interface QueryComment {
  /** Template of the comment; null = dbt's default comment; '' = none. */
  readonly comment: string | null
  readonly append: boolean
  readonly jobLabel: boolean
}

/** One package: the root project, an installed package, or a built-in macro package. */
export interface Package {
  readonly name: string
  /** Absolute directory. */
  readonly root: string
  readonly kind: 'root' | 'installed' | 'builtin'
  readonly config: ProjectConfig
}

/** profiles.yml, one target of it, after rendering. */
export interface Profile {
  readonly profileName: string
  readonly targetName: string
  /** `type`, and the output's own keys as rendered. */
  readonly output: Readonly<Record<string, unknown>>
  readonly threads: number
  readonly file: string
}

/** A project on disk, read: what the files say before any SQL template was touched. */
export interface Project {
  readonly root: Package
  /** By name: root, installed packages, built-in ones (`dbt`, `dbt_<type>`); root first, then as dbt orders them. */
  readonly packages: ReadonlyMap<string, Package>
  readonly profile: Profile | null
  /** `--vars`. */
  readonly cliVars: JsonObject
  /** selectors.yml, checked, raw definitions by name. */
  readonly selectors: Readonly<Record<string, JsonObject>>
  /** Names of env_var() read so far and their values: what the parse cache depends on. */
  readonly envVarsUsed: Map<string, string>
  /** Absolute. */
  readonly targetDir: string
}

/** A file found under a package's resource paths. */
export interface ProjectFile {
  readonly packageName: string
  /** Absolute. */
  readonly absolutePath: string
  /** Relative to the package root, '/'-separated: `models/staging/a.sql` (`original_file_path`). */
  readonly originalPath: string
  /** Relative to the resource folder: `staging/a.sql` (`path`). */
  readonly relativePath: string
  /** The resource folder it was found under: `models`. */
  readonly searchPath: string
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number
}
