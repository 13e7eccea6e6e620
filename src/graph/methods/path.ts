import type { GraphNode } from '../../manifest/index.js'
import { fnmatch, type TextMatcher } from '../fnmatch.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/**
 * `path:models/staging`, `models/**` + `/*.sql`: resources in a file or folder, or described in that properties file. Paths
 * count from the root project and must be there in it, also for resources of packages (as dbt globs in the root).
 */
export const path: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, { manifest, pathExists }) {
    const matches = globMatcher(String(value))
    const root = manifest.metadata.project_name
    const folders = new Map<string, boolean>()
    const inFolder = (dir: string, check: boolean): boolean => {
      const key = check ? `${dir}/` : dir
      let found = folders.get(key)
      if (found === undefined) {
        found = matches(dir, true) && (!check || pathExists(dir))
        const up = dir.lastIndexOf('/')
        if (!found && dir !== '') found = inFolder(up === -1 ? '' : dir.slice(0, up), check)
        folders.set(key, found)
      }
      return found
    }
    const isFile = (file: string, check: boolean): boolean => matches(file, false) && (!check || pathExists(file))
    return (node) => {
      const check = node.package_name !== root
      const file = node.original_file_path.replace(/^\.\//, '')
      if (isFile(file, check)) return true
      const patch = patchPathOf(node)
      if (patch !== undefined && isFile(patch, check)) return true
      const slash = file.lastIndexOf('/')
      return inFolder(slash === -1 ? '' : file.slice(0, slash), check)
    }
  },
  names(node) {
    const segments = node.original_file_path.split('/')
    return segments.map((_, i) => segments.slice(0, i + 1).join('/'))
  },
}

function patchPathOf(node: GraphNode): string | undefined {
  const path = 'patch_path' in node ? node.patch_path : null
  return path?.slice(path.indexOf('://') + 3)
}

/** pathlib's glob: wildcards within a segment, `**` for any number of folders; a slash at the end means folders only. */
function globMatcher(pattern: string): (path: string, isFolder: boolean) => boolean {
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
  const segments = slashes.split('/').filter((segment) => segment !== '' && segment !== '.')
  const foldersOnly = slashes.endsWith('/') || segments.at(-1) === '**'
  if (slashes === '' || slashes.startsWith('/')) return () => false
  const matchers: ('any' | TextMatcher)[] = segments.map((s) => (s === '**' ? 'any' : fnmatch(s)))
  return (path, isFolder) => {
    if (foldersOnly && !isFolder) return false
    return matchSegments(path === '' ? [] : path.split('/'), 0, matchers, 0)
  }
}

function matchSegments(
  path: readonly string[],
  p: number,
  matchers: readonly ('any' | TextMatcher)[],
  m: number,
): boolean {
  if (m === matchers.length) return p === path.length
  const matcher = matchers[m]!
  if (matcher === 'any') {
    for (let skip = p; skip <= path.length; skip++) if (matchSegments(path, skip, matchers, m + 1)) return true
    return false
  }
  return p < path.length && matcher(path[p]!) && matchSegments(path, p + 1, matchers, m + 1)
}
