import { execFile } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import { scrubSecrets } from '../env-vars.js'
import { type Checkout, type DepsContext, tell } from './deps-context.js'

/** Which commit of which repository is wanted, and the folder in it that holds the project. */
export interface GitSource {
  readonly git: string
  /** `HEAD`, a branch, a tag or a commit. */
  readonly revision: string
  readonly subdirectory: string | null
}

type Git = (folder: string, args: readonly string[]) => Promise<string>

const COMMIT = /^[0-9a-f]{40}$/

/**
 * Checks a repository out below the downloads folder, as shallowly as the server allows.
 * @returns the folder of the project and the commit it stands at
 * @throws PlumbError `git-missing`, `git-checkout`
 */
export async function checkoutGit(source: GitSource, folderName: string, context: DepsContext): Promise<Checkout> {
  const { revision, subdirectory } = source
  const clone = join(context.downloadsDir, folderName)
  const git = gitRunner(context)
  if (revision.startsWith('-') || source.git.startsWith('-')) {
    fail(
      'dependency',
      'git-checkout',
      `'${revision.startsWith('-') ? revision : source.git}' is no name git should be given`,
    )
  }
  try {
    if (existsSync(clone)) rmSync(clone, { recursive: true })
    if (subdirectory !== null) {
      const msg = `Subdirectory specified: ${subdirectory}, using sparse checkout.`
      tell(context, 'debug', 'GitSparseCheckoutSubdirectory', 'M001', msg, { subdir: subdirectory })
    }
    const sparse = subdirectory === null ? [] : ['--filter=blob:none', '--sparse']
    await git(context.downloadsDir, ['clone', '--quiet', '--depth', '1', ...sparse, '--', source.git, folderName])
    if (subdirectory !== null) await git(clone, ['sparse-checkout', 'set', '--', subdirectory])
    if (revision !== 'HEAD') {
      tell(context, 'debug', 'GitProgressCheckoutRevision', 'M002', `Checking out revision ${revision}.`, { revision })
      await moveTo(git, clone, revision)
    }
  } catch (error) {
    throw gitError(error, source, context)
  }
  const commit = (await git(clone, ['rev-parse', 'HEAD'])).trim()
  tell(context, 'debug', 'GitProgressCheckedOutAt', 'M007', `Checked out at ${commit.slice(0, 7)}.`, {
    end_sha: commit,
  })
  return { folder: subdirectory === null ? clone : join(clone, subdirectory), commit }
}

/** A commit is fetched alone where the server allows it; of a tag and a branch of one name the tag is meant. */
async function moveTo(git: Git, clone: string, revision: string): Promise<void> {
  const refs = COMMIT.test(revision) ? [revision] : [`refs/tags/${revision}`, `refs/heads/${revision}`]
  for (const ref of refs) {
    const fetched = await git(clone, ['fetch', '--quiet', '--depth', '1', 'origin', ref]).then(
      () => true,
      () => false,
    )
    if (fetched) {
      await git(clone, ['reset', '--quiet', '--hard', 'FETCH_HEAD'])
      return
    }
  }
  const shallow = (await git(clone, ['rev-parse', '--is-shallow-repository'])).trim() === 'true'
  await git(clone, [
    'fetch',
    '--quiet',
    '--tags',
    ...(shallow ? ['--unshallow'] : []),
    'origin',
    '+refs/heads/*:refs/remotes/origin/*',
  ])
  await git(clone, ['reset', '--quiet', '--hard', revision])
}

class GitFailure extends Error {
  constructor(
    readonly args: readonly string[],
    readonly code: string | number | null | undefined,
    readonly stderr: string,
  ) {
    super(stderr.trim())
  }
}

function gitRunner(context: DepsContext): Git {
  const env = { ...context.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' }
  return (folder, args) =>
    new Promise((resolve, reject) => {
      execFile(
        'git',
        [...args],
        { cwd: folder, env, maxBuffer: 1 << 26, signal: context.invocation.signal },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout)
          else reject(new GitFailure(args, error.code, stderr === '' ? error.message : stderr))
        },
      )
    })
}

function gitError(error: unknown, source: GitSource, context: DepsContext): unknown {
  if (!(error instanceof GitFailure)) return error
  const scrub = (text: string): string => scrubSecrets(text, context.env)
  if (error.code === 'ENOENT') {
    return new PlumbError(
      diagnostic('dependency', 'git-missing', 'Could not find command, ensure it is in the user\'s PATH: "git"', {
        hint: 'packages from git repositories need git to be installed',
      }),
      error,
    )
  }
  return new PlumbError(
    diagnostic(
      // dbt's header of it is "Internal Error".
      'internal',
      'git-checkout',
      scrub(`Error checking out spec='${source.revision}' for repo ${source.git}\n${error.stderr.trim()}`),
      { hint: hintFor(error.stderr, source) },
    ),
  )
}

function hintFor(stderr: string, source: GitSource): string {
  if (/could not read Username|Authentication failed|Permission denied/i.test(stderr)) {
    return 'the server wants credentials: use an SSH address, or a token in a DBT_ENV_SECRET_ variable'
  }
  if (/unknown revision|ambiguous argument|bad revision|Could not parse object/i.test(stderr)) {
    return `there is no branch, tag or commit '${source.revision}' in it`
  }
  return 'check that `git clone` of it works here'
}
