import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createIdentity } from '../../../src/query/identity/open-identity.js'
import { checkPassword, formatVerifier, makeVerifier, parseVerifier } from '../../../src/query/identity/scram.js'
import { hashToken, newToken } from '../../../src/query/identity/tokens.js'
import { readUsers } from '../../../src/query/identity/users-file.js'
import { lineageFor } from '../../../src/query-workspace.js'
import type { OpenDoor } from '../../../src/serve/door.js'
import { httpDoor } from '../../../src/serve/http/index.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService, SHOP } from '../../support/served-project.js'

const ISSUER = 'https://id.example.com'

describe('who asks', () => {
  let project: TestProject
  let opened: OpenedService
  let door: OpenDoor
  const token = newToken()
  const bossToken = newToken()
  let sign: (claims: Record<string, unknown>, change?: (jwt: SignJWT) => SignJWT) => Promise<string>
  let signWithOther: typeof sign

  const get = (path: string, authorization?: string): Promise<Response> =>
    fetch(door.address.url + path, { headers: authorization === undefined ? {} : { authorization } })
  const rows = async (path: string, authorization: string): Promise<unknown[][]> => {
    const response = await get(path, authorization)
    const text = await response.text()
    expect(response.status, text).toBe(200)
    return (JSON.parse(text) as { rows: unknown[][] }).rows
  }

  beforeAll(async () => {
    project = testProject({
      ...SHOP,
      'models/contacts.sql': "select customer_id, upper(email) as contact, region from {{ ref('customers') }}",
      'models/regions.sql': "select region, count(email) as people from {{ ref('customers') }} group by region",
      'policies.yml': `
grants:
  - name: analysts
    groups: [analysts]
    metrics: [revenue, orders]
    models: [orders, customers, contacts, regions]
row_filters:
  - name: own region
    models: [orders, customers, contacts]
    where: region in {{ user.regions }}
    unless_groups: [hq]
`,
    })
    const built = await project.run('build')
    expect(built.code, built.stdout).toBe(0)
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const other = await generateKeyPair('ES256')
    const signer =
      (key: Parameters<SignJWT['sign']>[0]): typeof sign =>
      (claims, change = (jwt) => jwt) =>
        change(
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'ES256', kid: 'k' })
            .setIssuer(ISSUER)
            .setAudience('plumb')
            .setExpirationTime('5m'),
        ).sign(key)
    sign = signer(privateKey)
    signWithOther = signer(other.privateKey)
    const users = {
      users: [
        {
          name: 'ana',
          password: formatVerifier(await makeVerifier('secret')),
          tokens: [hashToken(token)],
          groups: ['analysts'],
          attributes: { regions: ['north'] },
          limits: { rows: 5 },
        },
        { name: 'boss', tokens: [hashToken(bossToken)], owner: true },
        { name: 'guest', password: formatVerifier(await makeVerifier('guest')) },
      ],
      jwt: [
        {
          issuer: ISSUER,
          audience: 'plumb',
          algorithms: ['ES256'],
          jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] },
          groups_claim: 'groups',
          attributes: { regions: 'regions' },
        },
      ],
    }
    writeFileSync(join(project.dir, 'users.yml'), JSON.stringify(users))
    opened = await openService(project.dir)
    const lineage = await lineageFor(opened.workspace, (message) => {
      throw new Error(message)
    })
    const { policyFile } = { policyFile: { fields: parse(project.read('policies.yml')), at: 'policies.yml' } }
    opened.service.replace({
      manifest: opened.service.project.manifest,
      adapter: await opened.workspace.adapter(),
      targetDir: opened.service.project.targetDir,
      projectRoot: project.dir,
      policyFile,
      lineage,
    })
    const identity = createIdentity(readUsers({ fields: users, at: 'users.yml' }))
    door = await httpDoor.start(opened.service, { host: '127.0.0.1', port: 0, identity, log: () => {} })
  })
  afterAll(async () => {
    await door?.close(0)
    await opened?.close()
    project?.dispose()
  })

  const basic = (name: string, password: string): string =>
    `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

  it('is told by token, password, or token in place of the password', async () => {
    for (const credentials of [`Bearer ${token}`, basic('ana', 'secret'), basic('ana', token)]) {
      const me = await (await get('/api/v1/me', credentials)).json()
      expect(me).toEqual({ name: 'ana', groups: ['analysts'], owner: false })
    }
  })

  it('is refused otherwise, and nothing tells a wrong name from a wrong password', async () => {
    const wrong = [
      undefined,
      'Bearer nonsense',
      `Bearer ${newToken()}`,
      basic('ana', 'wrong'),
      basic('nobody', 'x'),
      basic('boss', ''),
      basic('guest', token),
      'Digest x',
      'Bearer',
    ]
    const bodies = await Promise.all(
      wrong.map(async (credentials) => {
        const response = await get('/api/v1/metrics', credentials)
        expect(response.status, credentials).toBe(401)
        expect(response.headers.get('www-authenticate')).toContain('Bearer')
        return response.text()
      }),
    )
    expect(new Set(bodies.slice(1)).size).toBe(1)
    expect((await get('/api/v1/health')).status).toBe(200)
    expect((await get('/metrics')).status).toBe(401)
  })

  it('is told by a JWT of a trusted issuer, and by no other', async () => {
    const claims = { sub: 'ben', groups: ['analysts'], regions: ['south', 'west'] }
    const good = await sign(claims)
    expect(await (await get('/api/v1/me', `Bearer ${good}`)).json()).toEqual({
      name: 'ben',
      groups: ['analysts'],
      owner: false,
    })
    const [head, body, signature] = good.split('.') as [string, string, string]
    const forged = Buffer.from(
      JSON.stringify({ ...claims, iss: ISSUER, aud: 'plumb', exp: 9e9, owner: true }),
    ).toString('base64url')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const bad = {
      'another key': await signWithOther(claims),
      'another issuer': await sign(claims, (jwt) => jwt.setIssuer('https://evil.example')),
      'another audience': await sign(claims, (jwt) => jwt.setAudience('other')),
      'out of date': await sign(claims, (jwt) => jwt.setExpirationTime(Math.floor(Date.now() / 1000) - 3600)),
      'no name': await sign({ groups: ['analysts'] }),
      'other claims': `${head}.${forged}.${signature}`,
      'no signature': `${none}.${forged}.`,
      'cut short': `${head}.${body}.`,
    }
    for (const [what, jwt] of Object.entries(bad))
      expect((await get('/api/v1/me', `Bearer ${jwt}`)).status, what).toBe(401)
  })

  it('decides which rows are seen', async () => {
    const query = '/api/v1/query?metrics=revenue&group_by=order__order_region&order_by=order__order_region'
    const jwt = await sign({ sub: 'ben', groups: ['analysts'], regions: ['south', 'west'] })
    expect(await rows(query, `Bearer ${token}`)).toEqual([['north', 1000]])
    expect(await rows(query, `Bearer ${jwt}`)).toEqual([
      ['south', 940],
      ['west', 980],
    ])
    expect(await rows(query, `Bearer ${bossToken}`)).toHaveLength(3)
    const csv = await (await get('/api/v1/models/customers/rows?format=csv&limit=3', `Bearer ${token}`)).text()
    expect(
      csv
        .trim()
        .split('\r\n')
        .slice(1)
        .every((line) => line.includes(',north,') && !line.includes('@')),
    ).toBe(true)
  })

  it('decides what is listed, and explained', async () => {
    const names = async (credentials: string): Promise<string[]> =>
      ((await (await get('/api/v1/metrics', credentials)).json()) as { metrics: { name: string }[] }).metrics.map(
        ({ name }) => name,
      )
    expect(await names(`Bearer ${token}`)).toEqual(['orders', 'revenue'])
    expect(await names(basic('guest', 'guest'))).toEqual([])
    expect((await get('/api/v1/query?metrics=secret_revenue', `Bearer ${token}`)).status).toBe(404)
    expect((await get('/api/v1/models/region_summary', `Bearer ${token}`)).status).toBe(404)
    expect((await get('/api/v1/lineage/region_summary', `Bearer ${token}`)).status).toBe(404)
    const { predicates } = (await (await get('/api/v1/explain?metrics=revenue', `Bearer ${token}`)).json()) as {
      predicates: { policy: string }[]
    }
    expect(predicates.map(({ policy }) => policy)).toEqual(['own region'])
  })

  it('keeps the limits of the user', async () => {
    const response = await get('/api/v1/models/orders/rows?limit=100', `Bearer ${token}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'row-limit' })
  })

  it('masks what was computed from a tagged column, and not what was not', async () => {
    const { columns } = (await (await get('/api/v1/models/contacts', `Bearer ${token}`)).json()) as {
      columns: { name: string; masked: boolean }[]
    }
    expect(Object.fromEntries(columns.map(({ name, masked }) => [name, masked]))).toEqual({
      customer_id: false,
      contact: true,
      region: false,
    })
    const seen = await rows('/api/v1/models/contacts/rows?limit=3', `Bearer ${token}`)
    expect(seen.every(([id, contact, region]) => id !== null && contact === null && region === 'north')).toBe(true)
    const owner = await rows('/api/v1/models/contacts/rows?limit=3', `Bearer ${bossToken}`)
    expect(owner.every(([, contact]) => String(contact).includes('@EXAMPLE.COM'))).toBe(true)
    // Counted, it is still made of it: when in doubt, nothing is shown.
    const counted = await rows('/api/v1/models/regions/rows?limit=3', `Bearer ${token}`)
    expect(counted.every(([region, people]) => region !== null && people === null)).toBe(true)
  })

  it('is not open to others without users', async () => {
    const result = await project.runWith(
      { PLUMB_USERS_FILE: '' },
      'serve',
      '--host',
      '0.0.0.0',
      '--http-port',
      '0',
      '--no-pg',
      '--users',
      'none.yml',
    )
    expect(result.code).toBe(2)
    expect(result.stderr + result.stdout).toContain('There is no file of users')
    project.remove('users.yml')
    const open = await project.run('serve', '--host', '0.0.0.0', '--http-port', '0', '--no-pg')
    expect(open.code).toBe(2)
    expect(open.stderr + open.stdout).toContain('no user is defined')
  })
})

describe('users', () => {
  it('keep passwords as PostgreSQL keeps them', async () => {
    // The example of RFC 7677: salt, 4,096 rounds, the password pencil.
    const theirs = parseVerifier(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    )
    expect(theirs).not.toBeNull()
    expect(await checkPassword('pencil', theirs!)).toBe(true)
    expect(await checkPassword('Pencil', theirs!)).toBe(false)
    expect(formatVerifier(await makeVerifier('pencil', theirs!.salt))).toBe(formatVerifier(theirs!))
    expect(parseVerifier('md5abc')).toBeNull()
  })

  it.each([
    ['a password as it is', { users: [{ name: 'a', password: 'secret' }] }],
    ['a token as it is', { users: [{ name: 'a', tokens: [newToken()] }] }],
    ['a key that is not known', { users: [{ name: 'a', group: ['x'] }] }],
    ['two of one name', { users: [{ name: 'a' }, { name: 'a' }] }],
    ['no name', { users: [{ groups: ['x'] }] }],
    ['an algorithm with a shared secret', { jwt: [{ issuer: 'x', audience: 'y', algorithms: ['HS256'], jwks: {} }] }],
    ['no algorithms', { jwt: [{ issuer: 'x', audience: 'y', jwks: {} }] }],
    ['no audience', { jwt: [{ issuer: 'x', algorithms: ['RS256'], jwks: {} }] }],
    [
      'keys over plain http',
      { jwt: [{ issuer: 'x', audience: 'y', algorithms: ['RS256'], jwks_uri: 'http://id.example/keys' }] },
    ],
  ])('are refused with %s', (_, fields) => {
    expect(() => readUsers({ fields, at: 'users.yml' })).toThrow(
      expect.objectContaining({ first: expect.objectContaining({ code: 'policy-file' }) }),
    )
  })

  it('are never the owner because nobody was defined, once a file is there', () => {
    const identity = createIdentity(readUsers({ fields: {}, at: 'users.yml' }))
    expect(identity.open).toBe(false)
    expect(identity.anonymous('127.0.0.1')).toBeNull()
    const open = createIdentity({ users: [], jwt: [] }, false)
    expect(open.anonymous('127.0.0.1')?.owner).toBe(true)
    expect(open.anonymous('::1')?.owner).toBe(true)
    expect(open.anonymous('10.0.0.1')).toBeNull()
    expect(open.anonymous(undefined)).toBeNull()
  })
})
