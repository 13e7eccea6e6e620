import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryLogEntry, Question } from '../../src/query/index.js'
import { OWNER } from '../../src/query/index.js'
import { type TestProject, testProject } from '../support/project.js'
import { type OpenedService, openService, rowsOf, SHOP } from '../support/served-project.js'

const ASK = { door: 'test' }
const BY_REGION: Question = { kind: 'metrics', query: { metrics: ['revenue'], groupBy: ['customer__region'] } }
const sql = (text: string): Question => ({ kind: 'sql', parts: [text] })
/** A statement that takes a while, different for each number. */
const slow = (number: number): Question =>
  sql(`select count(*) as n from range(200000) a cross join range(20) b where (a.range * b.range + ${number}) % 7 = 3`)

describe('execution', () => {
  let project: TestProject
  const log: QueryLogEntry[] = []
  const open: OpenedService[] = []
  const start = async (options: Parameters<typeof openService>[1] = {}): Promise<OpenedService['service']> => {
    const opened = await openService(project.dir, { log: (entry) => void log.push(entry), ...options })
    open.push(opened)
    return opened.service
  }

  beforeAll(async () => {
    project = testProject(SHOP)
    const built = await project.run('build')
    expect(built.code, built.stdout).toBe(0)
  })
  afterAll(async () => {
    for (const each of open) await each.close()
    project.dispose()
  })

  it('answers the same question from the cache, until the ground is replaced', async () => {
    const service = await start()
    const first = await service.ask(BY_REGION, OWNER, ASK)
    const rows = await rowsOf(first)
    const second = await service.ask(BY_REGION, OWNER, ASK)
    expect([first.cached, second.cached]).toEqual([false, true])
    expect(await rowsOf(second)).toEqual(rows)
    const third = await service.ask(BY_REGION, OWNER, { ...ASK, cache: false })
    expect(third.cached).toBe(false)
    await third.close()
    const { version } = service
    service.replace({
      manifest: service.project.manifest,
      adapter: await open.at(-1)!.workspace.adapter(),
      targetDir: service.project.targetDir,
      projectRoot: project.dir,
    })
    expect(service.version).toBe(version + 1)
    const fourth = await service.ask(BY_REGION, OWNER, ASK)
    expect(fourth.cached).toBe(false)
    await fourth.close()
  })

  it('answers from the cache within milliseconds', async () => {
    const service = await start()
    await rowsOf(await service.ask(BY_REGION, OWNER, ASK))
    const times: number[] = []
    for (let time = 0; time < 500; time++) {
      const began = performance.now()
      await rowsOf(await service.ask(BY_REGION, OWNER, ASK))
      times.push(performance.now() - began)
    }
    times.sort((a, b) => a - b)
    // The last percent belongs to whatever else runs on the machine; bench/serve.mjs measures it where nothing does.
    expect(times[Math.floor(times.length * 0.9)]).toBeLessThan(10)
  })

  it('runs a question once for all who ask it at the same time', async () => {
    const service = await start()
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, service.figures.running + service.figures.waiting)
    }, 1)
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.ask(slow(1), OWNER, ASK)))
    clearInterval(watch)
    const rows = await Promise.all(answers.map(rowsOf))
    expect(new Set(rows.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(most).toBe(1)
  })

  it('goes on for the others when one of them leaves', async () => {
    const service = await start()
    const controller = new AbortController()
    const leaving = service.ask(slow(2), OWNER, { ...ASK, signal: controller.signal })
    const staying = service.ask(slow(2), OWNER, ASK)
    setTimeout(() => controller.abort(), 20)
    await expect(leaving).rejects.toMatchObject({ first: { code: 'query-cancelled' } })
    expect(await rowsOf(await staying)).toHaveLength(1)
  })

  it('keeps the limits of time and rows', async () => {
    const service = await start()
    const endless = sql(
      'select count(*) from range(1000000000) a cross join range(1000000000) b where a.range + b.range = 7',
    )
    const began = performance.now()
    await expect(service.ask(endless, OWNER, { ...ASK, timeout: 200 })).rejects.toMatchObject({
      first: { code: 'query-timeout' },
    })
    expect(performance.now() - began).toBeLessThan(5000)
    const many = sql('select * from range(100000)')
    const tooMany = service.ask(many, OWNER, { ...ASK, maxRows: 5000 }).then(rowsOf)
    await expect(tooMany).rejects.toMatchObject({ first: { code: 'row-limit' } })
    expect(await rowsOf(await service.ask(many, OWNER, { ...ASK, maxRows: 100_000 }))).toHaveLength(100_000)
    const limited = { ...OWNER, name: 'limited', limits: { maxRows: 10 } }
    await expect(service.ask(many, limited, { ...ASK, maxRows: 1000 }).then(rowsOf)).rejects.toMatchObject({
      first: { code: 'row-limit' },
    })
  })

  it('runs no more at once than it should, and refuses when too many wait', async () => {
    const service = await start({ execution: { running: 2, waiting: 3 } })
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, service.figures.running)
    }, 1)
    const asked = Array.from({ length: 8 }, (_, number) => service.ask(slow(100 + number), OWNER, ASK).then(rowsOf))
    const settled = await Promise.allSettled(asked)
    clearInterval(watch)
    expect(most).toBe(2)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    for (const each of settled) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ first: { code: 'too-busy' } })
    }
  })

  it('lets one user keep only so many answers open, and others pass', async () => {
    const service = await start({ limits: { concurrency: 2 }, execution: { maxStored: 1000 } })
    const large = sql('select range as i, range * 2 as j from range(3000000)')
    const held = await Promise.all([
      service.ask(large, OWNER, ASK),
      service.ask(sql('select range as k from range(3000000)'), OWNER, ASK),
    ])
    let came = false
    const third = service.ask(sql('select range as l from range(3000000)'), OWNER, ASK).then((answer) => {
      came = true
      return answer
    })
    const other = await service.ask(sql('select 1 as one'), { ...OWNER, name: 'other' }, ASK)
    expect(await rowsOf(other)).toEqual([{ one: 1 }])
    expect(came).toBe(false)
    await held[0]!.close()
    await (await third).close()
    await held[1]!.close()
  })

  it('takes back what nobody reads', async () => {
    const service = await start({ execution: { maxStored: 1000, idle: 100 } })
    const answer = await service.ask(sql('select range as i from range(3000000)'), OWNER, ASK)
    const iterator = answer.batches[Symbol.asyncIterator]()
    await iterator.next()
    await new Promise((resolve) => setTimeout(resolve, 400))
    await expect(iterator.next()).rejects.toMatchObject({ first: { code: 'reader-too-slow' } })
  })

  it('keeps memory flat while a slow reader reads', async () => {
    const service = await start({ execution: { maxStored: 100_000 } })
    const answer = await service.ask(
      sql("select range as i, range::varchar || repeat('x', 50) as s from range(5000000)"),
      OWNER,
      ASK,
    )
    let batches = 0
    const before = process.memoryUsage().arrayBuffers
    for await (const batch of answer.batches) {
      expect(batch.rowCount).toBeLessThanOrEqual(2048)
      if (batches++ === 50) break
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
  })

  it('writes down who asked what', async () => {
    const service = await start()
    log.length = 0
    await rowsOf(await service.ask(BY_REGION, OWNER, ASK))
    await rowsOf(await service.ask(BY_REGION, OWNER, { door: 'http' }))
    await service.ask(sql('select nonsense'), OWNER, ASK).catch(() => {})
    const half = await service.ask(sql('select * from range(100000)'), OWNER, ASK)
    for await (const _ of half.batches) break
    expect(log.map(({ caller, door, rows, cached, error }) => [caller, door, rows, cached, error])).toEqual([
      ['owner', 'test', 3, false, null],
      ['owner', 'http', 3, true, null],
      ['owner', 'test', 0, false, 'database-error'],
      ['owner', 'test', 2048, false, null],
    ])
    expect(log[0]!.sql_hash).toBe(log[1]!.sql_hash)
    expect(log[0]!.question).toEqual(BY_REGION.kind === 'metrics' ? BY_REGION.query : null)
  })
})
