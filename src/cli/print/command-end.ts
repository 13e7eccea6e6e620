import type { PlumbEvent } from '../../core/event.js'
import { preciseClock } from '../sinks/line.js'

/** The last event of a command. */
export function commandCompleted(name: string, success: boolean, started: Date, ended: Date): PlumbEvent {
  const command = `plumb ${name}`
  const elapsed = seconds(started, ended)
  const result = success ? 'succeeded' : 'failed'
  return {
    name: 'CommandCompleted',
    code: 'Q039',
    level: 'debug',
    msg: `Command \`${command}\` ${result} at ${preciseClock(ended)} after ${elapsed.toFixed(2)} seconds`,
    data: { command, success, elapsed, completed_at: ended.toISOString() },
  }
}

/** What the command took of the machine; in the log file, and shown with `--show-resource-report`. */
export function resourceReport(name: string, success: boolean, started: Date, ended: Date, shown: boolean): PlumbEvent {
  const { userCPUTime, systemCPUTime, maxRSS, fsRead, fsWrite } = process.resourceUsage()
  const data = {
    command_name: name,
    command_success: success,
    command_wall_clock_time: seconds(started, ended),
    process_in_blocks: fsRead,
    process_kernel_time: systemCPUTime / 1e6,
    process_mem_max_rss: maxRSS,
    process_out_blocks: fsWrite,
    process_user_time: userCPUTime / 1e6,
  }
  const msg = `Resource report: ${JSON.stringify(data)}`
  return { name: 'ResourceReport', code: 'Z051', level: shown ? 'info' : 'debug', msg, data }
}

const seconds = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000
