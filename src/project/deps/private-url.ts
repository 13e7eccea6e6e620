import { fail } from '../../core/diagnostic.js'
import type { Environment } from '../env-vars.js'

/** One entry of `DBT_ENV_PRIVATE_GIT_PROVIDER_INFO`: an address with `{token}`, `{repo}`, `{group}` to be filled in. */
interface Provider {
  readonly org: string
  readonly url: string
  readonly token: string
  readonly provider: string
}

const AZURE = new Set(['ado', 'azure_devops', 'azure_active_directory'])
/** Those of Azure whose addresses may leave the project out. */
const AZURE_LEGACY = new Set(['azure_devops', 'azure_active_directory'])

/**
 * The git address of `private: org/repo`: by the providers in the environment, else by SSH at the provider's host.
 * @throws PlumbError `private-package`
 */
export function privatePackageUrl(name: string, provider: string | null, env: Environment): string {
  const providers = readProviders(env['DBT_ENV_PRIVATE_GIT_PROVIDER_INFO'] ?? '[]')
  if (providers.length === 0) return sshUrl(name, provider)
  for (const candidate of providers) {
    const url = matchProvider(candidate, name, provider)
    if (url !== undefined) return url
  }
  return fail(
    'dependency',
    'private-package',
    `No matching Git URLs for private definition ${name} with provider ${provider ?? 'None'}`,
  )
}

function readProviders(text: string): Provider[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    return fail('dependency', 'private-package', 'DBT_ENV_PRIVATE_GIT_PROVIDER_INFO is not JSON')
  }
  return Array.isArray(list) ? (list as Provider[]) : []
}

function sshUrl(name: string, provider: string | null): string {
  const host = provider ?? 'github'
  if (host === 'github') return `git@github.com:${name}.git`
  if (host === 'gitlab') return `git@gitlab.com:${name}.git`
  if (host === 'ado' || host === 'azure_devops') {
    if (name.split('/').length >= 3) return `git@ssh.dev.azure.com:v3/${name}`
    const message = `The '${host}' provider requires org/project/repo format (3 parts), got: '${name}'`
    return fail('dependency', 'private-package', message)
  }
  return fail(
    'dependency',
    'private-package',
    `Invalid private package configuration: '${name}' provider: '${host}'. Valid providers are: github, gitlab, ado, azure_devops`,
  )
}

function matchProvider(candidate: Provider, name: string, provider: string | null): string | undefined {
  const same =
    provider === null || candidate.provider === provider || (AZURE.has(candidate.provider) && AZURE.has(provider))
  const [org, ...rest] = name.split('/')
  if (!same || candidate.org !== org || rest.length === 0) return undefined
  const repo = rest.at(-1)!
  const group = rest.slice(0, -1).join('/')
  const path = /^[a-z+]+:\/\/[^/]*\/(.*?)(?:\.git)?$/.exec(candidate.url)?.[1]?.replace('/_git/', '/') ?? ''
  const [urlOrg, ...urlRest] = path.split('/')
  const urlRepo = urlRest.at(-1) ?? ''
  const urlGroup = urlRest.slice(0, -1).join('/')
  const isWild = (text: string): boolean => text === '{group}' || text === '{project}'
  const groupFits =
    urlGroup === group ||
    (isWild(urlGroup) && group !== '') ||
    (AZURE_LEGACY.has(candidate.provider) && group === '' && provider !== 'ado')
  if (urlOrg !== org || (urlRepo !== repo && urlRepo !== '{repo}') || !groupFits) return undefined
  const values: Readonly<Record<string, string>> = { token: candidate.token, repo, group, project: group }
  return candidate.url.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all)
}
