import { execFile } from 'node:child_process'
import { hostname } from 'node:os'
import { type Diagnostic, diagnostic, PlumbError } from '../../core/diagnostic.js'

/** `Could not set lock on file "x": Conflicting lock is held in /usr/bin/python3.11 (PID 12) by user a.` */
const LOCK = /Could not set lock on file "([^"]+)"(?::\s*Conflicting lock is held in (.+?) \(PID (\d+)\))?/

/** Another process has the database file open: DuckDB's words, and what can be done about it. Null for other errors. */
export function lockDiagnostic(text: string): Diagnostic | null {
  const lock = LOCK.exec(text)
  if (lock === null) return null
  const [, file, program, pid] = lock
  const holder = pid === undefined ? 'another process' : `process ${pid} (${program})`
  return lockedBy(holder, file!, text)
}

function lockedBy(holder: string, file: string, text: string): Diagnostic {
  return diagnostic('database', 'database-locked', text, {
    hint:
      `${holder} has ${file} open, and a DuckDB file has one writing process at a time: close it there, or wait for ` +
      'its end with `--wait` (`--wait 600`: ten minutes at most)',
  })
}

/** The error of a locked file with what this machine knows of the process that has it: user, command, since when. */
export async function nameLockHolder(error: PlumbError): Promise<PlumbError> {
  const lock = LOCK.exec(error.message)
  const process = lock?.[3] === undefined ? null : await describeProcess(lock[3])
  if (lock === null || process === null) return error
  return new PlumbError(lockedBy(process, lock[1]!, `${error.message}\nThe file is in use: ${process}`), error.cause)
}

/** `alice@laptop pid 4711 since Sat Nov 21 15:24:01 2026: plumb build`; null where the process cannot be seen. */
function describeProcess(pid: string): Promise<string | null> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' }
    execFile('ps', ['-o', 'user=', '-o', 'lstart=', '-o', 'args=', '-p', pid], { env }, (error, stdout) => {
      const found = /^\s*(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.+?)\s*$/s.exec(stdout)
      if (error !== null || found === null) resolve(null)
      else resolve(`${found[1]}@${hostname()} pid ${pid} since ${found[2]}: ${ownName(found[3]!)}`)
    })
  })
}

/** What was typed, where the process is this tool. */
function ownName(command: string): string {
  return command.replace(/^.*?\bnode\b.*?[/\\]plumb(?:\.js)?(?=\s|$)/, 'plumb')
}
