import { describe, expect, test } from 'vitest'
import { LazyEvent } from '../../../src/core/event.js'
import type { GraphNode } from '../../../src/manifest/index.js'
import { pluralize, progressLine } from '../../../src/run/events/line.js'
import { countNodes } from '../../../src/run/events/summary-events.js'
import { isoTime, parseUtc, pythonIso } from '../../../src/run/times.js'

describe('lines', () => {
  test('dots fill up to the width', () => {
    expect(progressLine({ text: 'START hook: shop.on-run-start.0', status: 'RUN', index: 1, total: 2 }, 80)).toBe(
      '1 of 2 START hook: shop.on-run-start.0 ......................................... [RUN]',
    )
    expect(progressLine({ text: 'PASS singular', status: 'PASS', index: 3, total: 19, seconds: 0.264 }, 80)).toBe(
      '3 of 19 PASS singular .......................................................... [PASS in 0.26s]',
    )
  })

  test('long lines stay whole, those of hooks are cut', () => {
    const text = `OK created ${'x'.repeat(80)}`
    expect(progressLine({ text, status: 'OK' }, 80)).toBe(`${text}  [OK]`)
    expect(progressLine({ text, status: 'OK', truncate: true }, 80)).toBe(`${`${text} `.slice(0, 77)}... [OK]`)
  })

  test('an event is written out only when somebody looks', () => {
    let looked = 0
    const event = new LazyEvent(
      'NodeStart',
      'Q024',
      'debug',
      () => ({ n: ++looked }),
      () => `${++looked}`,
    )
    expect(event.level).toBe('debug')
    expect(looked).toBe(0)
    expect([event.msg, event.msg, event.data]).toEqual(['1', '1', { n: 2 }])
  })
})

describe('numbers', () => {
  test('nodes are counted by kind, hooks and tests under dbt’s names', () => {
    const node = (resource_type: string, materialized = 'view') =>
      ({ resource_type, config: { materialized } }) as unknown as GraphNode
    const nodes = [
      ...[node('model', 'table'), node('model', 'table'), node('model'), node('test'), node('test'), node('unit_test')],
      ...[
        node('operation'),
        node('seed'),
        node('saved_query'),
        node('saved_query'),
        node('analysis'),
        node('analysis'),
      ],
    ]
    expect(countNodes(nodes)).toBe(
      '2 analyses, 1 project hook, 2 saved queries, 1 seed, 2 table models, 2 data tests, 1 unit test, 1 view model',
    )
    expect(pluralize(1, 'error')).toBe('1 error')
  })

  test('times as dbt writes them', () => {
    const time = new Date('2024-02-29T12:30:00.250Z')
    expect(isoTime(time)).toBe('2024-02-29T12:30:00.250000Z')
    expect(pythonIso(time)).toBe('2024-02-29T12:30:00.250000+00:00')
    expect(pythonIso(new Date('2024-01-01T00:00:00Z'))).toBe('2024-01-01T00:00:00+00:00')
    expect(parseUtc('2024-01-01').toISOString()).toBe('2024-01-01T00:00:00.000Z')
    expect(parseUtc('2024-01-01 05:00:00+02').getTime()).toBeNaN()
    expect(parseUtc('2024-01-01 05:00:00+02:00').toISOString()).toBe('2024-01-01T03:00:00.000Z')
    expect(parseUtc('2024-01-01T05:00').toISOString()).toBe('2024-01-01T05:00:00.000Z')
  })
})
