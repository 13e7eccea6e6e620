import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Invocation } from '../core/invocation.js'
import { PROJECT_FILE } from './config/project-file.js'

type Where = Pick<Invocation, 'cwd' | 'env'>

/** The project's folder: as given, `DBT_PROJECT_DIR`, the nearest one above the current folder, the current folder. */
export function resolveProjectDir(where: Where, given?: string | null): string {
  const named = given ?? nonEmpty(where.env['DBT_PROJECT_DIR'])
  if (named !== undefined) return resolve(where.cwd, named)
  for (let folder = where.cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder
    if (dirname(folder) === folder) return where.cwd
  }
}

/**
 * The folder of profiles.yml: as given, `DBT_PROFILES_DIR`, the current folder when it has one, the project's when it
 * has one, `~/.dbt`.
 */
export function resolveProfilesDir(where: Where, projectDir: string, given?: string | null): string {
  const named = given ?? nonEmpty(where.env['DBT_PROFILES_DIR'])
  if (named !== undefined) return resolve(where.cwd, expandHome(named, where))
  for (const folder of [where.cwd, projectDir]) if (existsSync(join(folder, 'profiles.yml'))) return folder
  return join(homeOf(where), '.dbt')
}

/** `~/x` with the home folder put in. */
export function expandHome(path: string, where: Pick<Where, 'env'>): string {
  return path === '~' || path.startsWith('~/') ? join(homeOf(where), path.slice(1)) : path
}

function homeOf(where: Pick<Where, 'env'>): string {
  return nonEmpty(where.env['HOME']) ?? homedir()
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
