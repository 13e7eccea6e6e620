import type { PlumbEvent } from '../../core/event.js'
import type { ConsoleSinkOptions } from './console-sink.js'
import { createConsoleSink } from './console-sink.js'
import type { ClosableSink } from './file-sink.js'

/** Terminal that the live display draws on. */
export interface LiveTerminal {
  write(text: string): unknown
  readonly columns?: number | undefined
}

interface Progress {
  done: number
  total: number
  failed: number
  warned: number
  skipped: number
  readonly running: Map<string, { label: string; since: number }>
}

/** Names of the events that end a node: their `data` holds index, total and the node. */
const RESULT_EVENTS = new Set([
  'LogModelResult',
  'LogTestResult',
  'LogSeedResult',
  'LogSnapshotResult',
  'LogFreshnessResult',
  'LogFunctionResult',
  'LogNodeNoOpResult',
  'LogNodeResult',
  'LogSkipBecauseError',
  'SkippingDetails',
])

/**
 * What a person at a terminal sees: results as they come, and below them a bar with what runs, what is done and what
 * is left. The bar is redrawn only when something happened or every 120 ms, and is gone when the run is over.
 */
export function createLiveSink(
  options: ConsoleSinkOptions & { readonly terminal: LiveTerminal; readonly now: () => Date },
): ClosableSink {
  const { style, terminal } = options
  const progress: Progress = { done: 0, total: 0, failed: 0, warned: 0, skipped: 0, running: new Map() }
  let drawn = 0
  let timer: NodeJS.Timeout | undefined
  const started = options.now().getTime()

  const erase = (): string => (drawn === 0 ? '' : `\r\u001b[${drawn > 1 ? `${drawn - 1}A` : '0G'}\u001b[0J`)
  const lines = createConsoleSink({
    ...options,
    out: {
      write: (text) => {
        terminal.write(erase() + text)
        drawn = 0
      },
    },
  })

  const draw = (): void => {
    if (progress.total === 0) return
    const text = render(progress, options.now().getTime(), started, terminal.columns ?? 80, style)
    terminal.write(erase() + text)
    drawn = text.split('\n').length
  }
  const startTimer = (): void => {
    timer ??= setInterval(draw, 120)
    timer.unref()
  }
  const stop = (): void => {
    if (timer) clearInterval(timer)
    timer = undefined
    if (drawn > 0) terminal.write(erase())
    drawn = 0
  }
  return {
    write(event, now) {
      track(progress, event, now)
      if (event.name === 'LogStartLine') {
        startTimer()
        draw()
        return
      }
      if (event.name === 'FinishedRunningStats' || event.name === 'EndOfRunSummary') stop()
      lines.write(event, now)
      if (timer) draw()
    },
    close() {
      stop()
    },
  }
}

function track(progress: Progress, event: PlumbEvent, now: Date): void {
  const data = event.data as {
    index?: number
    total?: number
    node_info?: { unique_id?: string; node_name?: string }
    status?: string
  }
  const id = data.node_info?.unique_id
  if (event.name === 'LogStartLine' && id) {
    progress.total = data.total ?? progress.total
    progress.running.set(id, { label: data.node_info?.node_name ?? id, since: now.getTime() })
  } else if (RESULT_EVENTS.has(event.name)) {
    if (id) progress.running.delete(id)
    progress.total = data.total ?? progress.total
    progress.done++
    if (event.level === 'error') progress.failed++
    else if (event.level === 'warn') progress.warned++
    if (event.name === 'SkippingDetails' || event.name === 'LogSkipBecauseError') progress.skipped++
  }
}

/** The bar: two lines at most, never wider than the terminal. */
export function render(
  progress: Progress,
  now: number,
  started: number,
  columns: number,
  style: ConsoleSinkOptions['style'],
): string {
  const width = Math.max(10, Math.min(40, columns - 50))
  const share = progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total)
  const filled = Math.round(share * width)
  const seconds = Math.floor((now - started) / 1000)
  const counts = [
    `${progress.done}/${progress.total}`,
    progress.failed ? style.red(`${progress.failed} failed`) : '',
    progress.warned ? style.yellow(`${progress.warned} warned`) : '',
    progress.skipped ? style.yellow(`${progress.skipped} skipped`) : '',
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
  ].filter((part) => part !== '')
  const bar = `${style.green('━'.repeat(filled))}${style.dim('━'.repeat(width - filled))}  ${counts.join('  ')}`
  const names = [...progress.running.values()].sort((a, b) => a.since - b.since)
  let running = ''
  for (const [i, { label, since }] of names.entries()) {
    const age = (now - since) / 1000
    const part = `${i === 0 ? '' : ', '}${label}${age >= 1 ? ` ${age.toFixed(0)}s` : ''}`
    if (running.length + part.length > columns - 14) {
      running += `, +${names.length - i}`
      break
    }
    running += part
  }
  return running === '' ? bar : `${bar}\n${style.dim(`running ${running}`.slice(0, Math.max(10, columns - 1)))}`
}
