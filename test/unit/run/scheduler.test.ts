import { describe, expect, test } from 'vitest'
import { type Job, runJobs } from '../../../src/run/scheduler.js'
import { Slots, workerName } from '../../../src/run/slots.js'

const job = (id: string, after: string[] = [], weight = 0): Job => ({ id, after, weight })
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function order(jobs: Job[], threads: number): Promise<string[]> {
  const began: string[] = []
  await runJobs(
    jobs,
    new Slots(threads),
    async ({ id }) => {
      began.push(id)
      await tick()
    },
    () => false,
  )
  return began
}

describe('scheduler', () => {
  test('a job begins when all it stands on are done', async () => {
    const done = new Set<string>()
    const jobs = [job('c', ['a', 'b']), job('a'), job('b', ['a']), job('d', ['c', 'nowhere'])]
    await runJobs(
      jobs,
      new Slots(4),
      async ({ id, after }) => {
        for (const other of after) if (other !== 'nowhere') expect(done).toContain(other)
        await tick()
        done.add(id)
      },
      () => false,
    )
    expect([...done]).toEqual(['a', 'b', 'c', 'd'])
  })

  test('heavier jobs begin first, equal ones in the order of the plan', async () => {
    expect(await order([job('light'), job('heavy', [], 5), job('first', [], 2), job('second', [], 2)], 1)).toEqual([
      ...['heavy', 'first', 'second', 'light'],
    ])
  })

  test('never more at once than there are workers, and no worker idles', async () => {
    let now = 0
    let most = 0
    await runJobs(
      Array.from({ length: 50 }, (_, at) => job(`j${at}`)),
      new Slots(3),
      async () => {
        most = Math.max(most, ++now)
        await tick()
        now--
      },
      () => false,
    )
    expect(most).toBe(3)
  })

  test('a chain of 20,000 jobs does not overflow the stack', async () => {
    const jobs = Array.from({ length: 20_000 }, (_, at) => job(`j${at}`, at === 0 ? [] : [`j${at - 1}`]))
    expect((await order(jobs, 2)).length).toBe(20_000)
  })

  test('nothing begins once it is stopped, what runs is waited for', async () => {
    let stopped = false
    const ended: string[] = []
    await runJobs(
      [job('a'), job('b'), job('c', ['a'])],
      new Slots(2),
      async ({ id }) => {
        if (id === 'a') stopped = true
        await tick()
        ended.push(id)
      },
      () => stopped,
    )
    expect(ended).not.toContain('c')
    expect(ended).toContain('a')
  })

  test('jobs that wait for each other are a fault', async () => {
    await expect(order([job('a', ['b']), job('b', ['a'])], 2)).rejects.toThrow('wait for each other in a circle')
  })

  test('no jobs are done at once', async () => {
    expect(await order([], 2)).toEqual([])
  })
})

describe('workers', () => {
  test('the lowest free one is taken', () => {
    const slots = new Slots(3)
    expect([slots.take(), slots.take(), slots.take(), slots.take()]).toEqual([1, 2, 3, null])
    slots.give(3)
    slots.give(1)
    expect([slots.take(), slots.take()]).toEqual([1, 3])
    expect(workerName(2)).toBe('Thread-2 (worker)')
  })
})
