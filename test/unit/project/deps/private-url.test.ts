import { expect, it } from 'vitest'
import { PlumbError } from '../../../../src/core/diagnostic.js'
import { privatePackageUrl } from '../../../../src/project/deps/private-url.js'

const withProviders = (...providers: object[]): Record<string, string> => ({
  DBT_ENV_PRIVATE_GIT_PROVIDER_INFO: JSON.stringify(providers),
})
const GITHUB = { org: 'acme', url: 'https://{token}@github.com/acme/{repo}.git', token: 't0k', provider: 'github' }
const GITLAB = {
  org: 'acme',
  url: 'https://x:{token}@gitlab.com/acme/{group}/{repo}.git',
  token: 'lab',
  provider: 'gitlab',
}
const AZURE = {
  org: 'acme',
  url: 'https://{token}@dev.azure.com/acme/{project}/_git/{repo}',
  token: 'az',
  provider: 'ado',
}
const AZURE_OLD = {
  org: 'acme',
  url: 'https://{token}@dev.azure.com/acme/data/_git/{repo}',
  token: 'old',
  provider: 'azure_devops',
}

it.each([
  ['acme/tools', null, 'git@github.com:acme/tools.git'],
  ['acme/tools', 'gitlab', 'git@gitlab.com:acme/tools.git'],
  ['acme/data/tools', 'ado', 'git@ssh.dev.azure.com:v3/acme/data/tools'],
])('%s at %s is %s without providers', (name, provider, url) => {
  expect(privatePackageUrl(name, provider, {})).toBe(url)
})

it.each([
  ['acme/tools', null, [GITHUB], 'https://t0k@github.com/acme/tools.git'],
  ['acme/tools', 'github', [GITLAB, GITHUB], 'https://t0k@github.com/acme/tools.git'],
  ['acme/team/sub/tools', null, [GITHUB, GITLAB], 'https://x:lab@gitlab.com/acme/team/sub/tools.git'],
  ['acme/data/tools', 'azure_devops', [AZURE], 'https://az@dev.azure.com/acme/data/_git/tools'],
  ['acme/tools', 'azure_devops', [AZURE_OLD], 'https://old@dev.azure.com/acme/data/_git/tools'],
])('%s at %s is found among providers', (name, provider, providers, url) => {
  expect(privatePackageUrl(name, provider, withProviders(...providers))).toBe(url)
})

it.each([
  ['acme/tools', 'ado', {}],
  ['acme/tools', 'svn', {}],
  ['other/tools', null, withProviders(GITHUB)],
  ['acme/tools', 'ado', withProviders(AZURE_OLD)],
  ['acme/tools', 'gitlab', withProviders(GITLAB)],
  ['acme/tools', null, { DBT_ENV_PRIVATE_GIT_PROVIDER_INFO: '{' }],
])('%s at %s is refused', (name, provider, env) => {
  expect(() => privatePackageUrl(name, provider, env)).toThrow(PlumbError)
})
