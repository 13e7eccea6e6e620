import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { TemplateSession } from '../context/index.js'
import type { EventSink } from '../core/event.js'
import { PLUMB_VERSION } from '../core/invocation.js'
import { type EventSource, type NodeEnd, RunEvents } from '../lineage/openlineage/index.js'
import type { RunResult } from '../run/index.js'
import type { Workspace } from '../workspace.js'
import { createSender, type EventSender } from './sender.js'
import { type OpenLineageSettings, readSettings } from './settings.js'

/** A run that events are sent of. */
export interface FollowedRun {
  /** Hears what happens to nodes. */
  readonly sink: EventSink
  /** Tells how the run ended, with the columns of what was built. */
  finish(session: TemplateSession, results: readonly RunResult[]): Promise<void>
  /** Tells that it ended for another reason than a node's. */
  abandon(error: unknown): Promise<void>
}

/**
 * Sends OpenLineage events of a run when `option` or the environment asks for them: the start of run and nodes, and
 * failures, as they happen; what succeeded when the run is over, with the time at which it ended, because columns are
 * read from the warehouse then. Nothing of it makes a run fail, or wait for more than one answer.
 */
export async function followRun(workspace: Workspace, option: string | null): Promise<FollowedRun | undefined> {
  const { invocation } = workspace
  const settings = await readSettings(option, invocation.env, invocation.cwd)
  if (settings === undefined) return undefined
  const warn = (msg: string): void =>
    invocation.emit({ name: 'OpenLineageWarning', code: 'L010', level: 'warn', msg, data: { msg } })
  const print = (msg: string): void =>
    invocation.emit({ name: 'OpenLineageEvent', code: 'L011', level: 'info', msg, data: { msg } })
  const sender = createSender(settings.transports, warn, print)
  const events = new RunEvents(await sourceOf(workspace, settings))
  return new Followed(workspace, sender, events, warn)
}

async function sourceOf(workspace: Workspace, settings: OpenLineageSettings): Promise<EventSource> {
  const { flags, invocation, project } = workspace
  const { name, config } = project.root
  const plugin = await workspace.plugin()
  const credentials = plugin.credentials({ ...project.profile?.output }, project.root.root)
  return {
    manifest: await workspace.manifest(),
    command: flags.which,
    dialect: plugin.type,
    warehouse: plugin.lineageNamespace?.(credentials) ?? plugin.type,
    jobNamespace: settings.jobNamespace,
    // Whatever the command is: the official integration calls it so, and jobs keep their names when the tool changes.
    jobName: settings.jobName ?? `dbt-run-${name}`,
    invocation: {
      projectName: name,
      projectVersion: config.version,
      profileName: project.profile?.profileName ?? null,
    },
    runId: invocation.id,
    version: PLUMB_VERSION,
    startedBy: settings.parent,
    rootRun: settings.root,
    newId: randomUUID,
  }
}

class Followed implements FollowedRun {
  readonly #workspace: Workspace
  readonly #sender: EventSender
  readonly #events: RunEvents
  readonly #warn: (message: string) => void
  readonly #ended = new Map<string, { readonly at: string; readonly told: boolean }>()

  constructor(workspace: Workspace, sender: EventSender, events: RunEvents, warn: (message: string) => void) {
    this.#workspace = workspace
    this.#sender = sender
    this.#events = events
    this.#warn = warn
    this.#quietly(() => this.#sender.send(events.command('START', workspace.invocation.startedAt.toISOString())))
  }

  readonly sink: EventSink = (event) => {
    if (event.name !== 'NodeStart' && event.name !== 'NodeFinished') return
    this.#quietly(() => {
      const id = (event.data['node_info'] as { readonly unique_id: string }).unique_id
      if (!this.#events.concerns(id)) return
      const at = new Date().toISOString()
      if (event.name === 'NodeStart') this.#sender.send(this.#events.nodeStart(id, at))
      else this.#ended.set(id, { at, told: this.#failed(id, at, event.data['run_result']) })
    })
  }

  /** A failure is told at once. */
  #failed(id: string, at: string, result: unknown): boolean {
    const { status, message } = result as { readonly status: string; readonly message: string | null }
    if (status !== 'error') return false
    this.#sender.send(this.#events.nodeEnd(id, at, { ok: false, status, message }, { columns: new Map() }))
    return true
  }

  async finish(session: TemplateSession, results: readonly RunResult[]): Promise<void> {
    try {
      await this.#tellResults(session, results)
      const stopped = session.invocation.signal.aborted
      const faults = results.filter(({ status }) =>
        ['error', 'fail', 'runtime error', 'partial success'].includes(status),
      )
      const text = faults.map(({ node, message }) => `${node.unique_id}: ${message ?? 'it failed'}`).join('\n')
      this.#sender.send(
        this.#events.command(
          stopped ? 'ABORT' : faults.length > 0 ? 'FAIL' : 'COMPLETE',
          new Date().toISOString(),
          faults.length > 0 ? text : null,
        ),
      )
    } catch (error) {
      this.#tell(error)
    }
    await this.#sender.close()
  }

  async abandon(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error)
    this.#quietly(() => this.#sender.send(this.#events.command('FAIL', new Date().toISOString(), message)))
    await this.#sender.close()
  }

  async #tellResults(session: TemplateSession, results: readonly RunResult[]): Promise<void> {
    const open = results.filter(({ node }) => this.#ended.get(node.unique_id)?.told === false)
    if (open.length === 0) return
    const { columns, lineage } = await this.#columnsOf(session, open)
    for (const result of open) {
      const id = result.node.unique_id
      const at = this.#ended.get(id)!.at
      this.#sender.send(this.#events.nodeEnd(id, at, endOf(result), { columns, lineage: lineage.get(id) }))
    }
  }

  async #columnsOf(session: TemplateSession, results: readonly RunResult[]) {
    const { builtColumns, otherNames } = await import('../project-lineage.js')
    const { openStatementCache, withoutTheRun } = await import('../lineage-cache.js')
    const { readBuiltColumns } = await import('../lineage/openlineage/index.js')
    const columns = await builtColumns(this.#workspace, session)
    const made = results.filter(({ node }) => node.resource_type !== 'test').map(({ node }) => node)
    const compiled = new Map(
      made.flatMap((node) =>
        'compiled_code' in node && typeof node.compiled_code === 'string'
          ? [[node.unique_id, { sql: node.compiled_code }]]
          : [],
      ),
    )
    const cache = openStatementCache(join(this.#workspace.project.targetDir, 'lineage_cache.json'))
    const lineage = await readBuiltColumns(
      {
        manifest: session.manifest,
        dialect: session.plugin.type,
        compiled,
        columns,
        otherNames: otherNames(session, session.manifest),
        cache,
        stable: withoutTheRun(session.invocation),
        brief: true,
      },
      [...compiled.keys()],
    )
    if (session.flags.writeJson) cache.save({ all: false })
    return { columns, lineage }
  }

  #quietly(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#tell(error)
    }
  }

  #tell(error: unknown): void {
    this.#warn(`OpenLineage events could not be made: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function endOf({ status, message, failures, adapter_response: response }: RunResult): NodeEnd {
  const rows = 'rows_affected' in response ? Number(response.rows_affected) : Number.NaN
  return {
    ok: status === 'success' || status === 'pass' || status === 'warn' || status === 'no-op',
    status,
    message: message ?? (failures === null ? null : `${failures} failures`),
    ...(Number.isInteger(rows) && rows >= 0 && { rows }),
  }
}
