import {
  type Format,
  type NoticeReport,
  writeCommandComplete,
  writeError,
  writeNotice,
  writeParameterDescription,
  writeParameterStatus,
  writeReady,
  writeRowDescription,
  writeSimple,
} from '../protocol/backend.js'
import type { FrontendMessage } from '../protocol/frontend.js'
import { refuse, reportError, SQLSTATE } from '../protocol/wire-error.js'
import { replaceCalls } from '../semantic-layer/calls.js'
import { inferParameters } from '../statement/infer-parameters.js'
import { routeSelect } from '../statement/route.js'
import { readParameter } from '../values/parameters.js'
import { catalogueParameterTypes } from './catalogue-plan.js'
import { closePortals } from './commands.js'
import { copyOut } from './copy-out.js'
import { type BoundValues, NO_VALUES, type PreparedStatement, type SessionEnvironment } from './environment.js'
import { planStatement } from './planner.js'
import { type Outlet, Portal } from './portal.js'
import type { RowSource } from './row-source.js'

const DATA_ROW = 'D'.charCodeAt(0)

/** Answers the messages of one client, in the order they come. */
export class Session {
  readonly #environment: SessionEnvironment
  readonly #outlet: Outlet
  /** After an error everything up to the next Sync is passed over. */
  #skipping = false
  #running: Portal | null = null
  /** The text that locations of errors count in. */
  #text: string | undefined

  constructor(environment: Omit<SessionEnvironment, 'notice'>, outlet: Outlet) {
    this.#environment = { ...environment, notice: (report) => this.#notice(report) }
    this.#outlet = outlet
  }

  get environment(): SessionEnvironment {
    return this.#environment
  }

  /** Stops what runs now. */
  cancel(): void {
    this.#running?.cancel()
  }

  async close(): Promise<void> {
    this.cancel()
    for (const portal of this.#environment.portals.values()) await portal.close()
    this.#environment.portals.clear()
  }

  /** Tells the client what changed, and that it may go on. */
  ready(): void {
    const { out } = this.#outlet
    for (const [name, value] of this.#environment.settings.changes()) writeParameterStatus(out, name, value)
    writeReady(out, this.#environment.transaction.status)
  }

  async handle(message: FrontendMessage): Promise<void> {
    if (this.#skipping && message.kind !== 'sync') return
    try {
      await this.#answer(message)
    } catch (error) {
      this.#fail(error)
      if (message.kind === 'query') this.ready()
      else this.#skipping = true
      // At once: a client may wait for it before it sends its Sync.
      await this.#outlet.flush()
    } finally {
      this.#running = null
    }
  }

  #fail(error: unknown): void {
    const report = reportError(error, this.#text)
    if (report.sqlState === SQLSTATE.internal) {
      this.#environment.log(
        'warn',
        `pgwire: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
    }
    writeError(this.#outlet.out, report)
    this.#environment.transaction.fail()
  }

  #notice(report: NoticeReport): void {
    const level = this.#environment.settings.get('client_min_messages').toLowerCase()
    if (level === 'error' || (level === 'warning' && report.severity !== 'WARNING')) return
    writeNotice(this.#outlet.out, report)
  }

  async #answer(message: FrontendMessage): Promise<void> {
    const { out } = this.#outlet
    const { prepared, portals, transaction } = this.#environment
    switch (message.kind) {
      case 'query':
        await this.#simpleQuery(message.text)
        return
      case 'parse': {
        if (message.name !== '' && prepared.has(message.name)) {
          refuse(SQLSTATE.duplicatePrepared, `prepared statement "${message.name}" already exists`)
        }
        const [first, ...rest] = this.#read(message.text, message.parameterTypes)
        if (rest.length > 0) refuse(SQLSTATE.syntaxError, 'cannot insert multiple commands into a prepared statement')
        const statement = first ?? { statement: null, calls: [], parameterTypes: [] }
        this.#checkTransaction(statement)
        prepared.set(message.name, statement)
        writeSimple(out, '1')
        return
      }
      case 'bind': {
        const statement = this.#statement(message.statement)
        this.#text = statement.statement?.whole
        this.#checkTransaction(statement)
        if (message.portal !== '' && portals.has(message.portal))
          refuse(SQLSTATE.duplicateCursor, `cursor "${message.portal}" already exists`)
        await portals.get(message.portal)?.close()
        const bound = bindValues(statement, message)
        portals.set(
          message.portal,
          new Portal(planStatement(statement, bound, this.#environment), message.resultFormats),
        )
        writeSimple(out, '2')
        return
      }
      case 'describe':
        await (message.target === 'statement'
          ? this.#describeStatement(message.name)
          : this.#describePortal(message.name))
        return
      case 'execute':
        await this.#execute(this.#portal(message.portal), message.maxRows)
        return
      case 'close':
        if (message.target === 'statement') prepared.delete(message.name)
        else {
          await portals.get(message.name)?.close()
          portals.delete(message.name)
        }
        writeSimple(out, '3')
        return
      case 'flush':
        await this.#outlet.flush()
        return
      case 'sync':
        this.#skipping = false
        if (!transaction.open) await closePortals(this.#environment)
        this.ready()
        await this.#outlet.flush()
        return
      case 'functionCall':
        refuse(SQLSTATE.featureNotSupported, 'function calls of the protocol are not supported')
        return
      default:
        // Copy messages without a COPY, and goodbye.
        return
    }
  }

  /** Reads a text into its statements. */
  #read(text: string, parameterTypes: readonly number[] = []): PreparedStatement[] {
    this.#text = text
    const replaced = replaceCalls(text)
    return this.#environment.parser.parse(replaced.text).map((statement) => ({
      statement,
      calls: replaced.calls.filter((call) => statement.text.includes(call.placeholder)),
      parameterTypes,
    }))
  }

  /** In a failed transaction nothing but its end is possible. */
  #checkTransaction({ statement }: PreparedStatement): void {
    if (!this.#environment.transaction.failed || statement === null) return
    const { node } = statement
    if ('TransactionStmt' in node && /COMMIT|ROLLBACK/.test(String(node.TransactionStmt.kind))) return
    refuse(
      SQLSTATE.inFailedTransaction,
      'current transaction is aborted, commands ignored until end of transaction block',
    )
  }

  #statement(name: string): PreparedStatement {
    return (
      this.#environment.prepared.get(name) ??
      refuse(SQLSTATE.invalidStatementName, `prepared statement "${name}" does not exist`)
    )
  }

  #portal(name: string): Portal {
    const portal =
      this.#environment.portals.get(name) ?? refuse(SQLSTATE.invalidCursorName, `portal "${name}" does not exist`)
    this.#running = portal
    return portal
  }

  async #simpleQuery(text: string): Promise<void> {
    const { out } = this.#outlet
    await this.#environment.portals.get('')?.close()
    this.#environment.portals.delete('')
    const statements = this.#read(text)
    if (statements.length === 0) writeSimple(out, 'I')
    for (const statement of statements) {
      this.#checkTransaction(statement)
      const portal = new Portal(planStatement(statement, NO_VALUES, this.#environment), [])
      this.#running = portal
      try {
        if (portal.plan.kind === 'rows') {
          const { fields } = await portal.source()
          writeRowDescription(out, fields, portal.formats(fields.length))
        }
        await this.#execute(portal, 0)
      } finally {
        await portal.close()
      }
    }
    this.ready()
    await this.#outlet.flush()
  }

  /** Runs a portal: everything, or the next `maxRows` rows. */
  async #execute(portal: Portal, maxRows: number): Promise<void> {
    const { out } = this.#outlet
    const { plan } = portal
    switch (plan.kind) {
      case 'empty':
        writeSimple(out, 'I')
        return
      case 'command':
        if (portal.done) refuse(SQLSTATE.objectNotInState, 'portal cannot be run again')
        portal.markDone()
        writeCommandComplete(out, await plan.run())
        return
      case 'copy':
        this.#tell(await portal.source())
        await copyOut(portal, plan.options, this.#outlet)
        return
      case 'rows': {
        const source = await portal.source()
        const limit = Math.max(0, maxRows)
        const sent = await portal.pull(limit, portal.formats(source.fields.length), this.#outlet, (rows, from, to) =>
          rows.messages(out, DATA_ROW, from, to),
        )
        if (limit > 0 && sent === limit) {
          writeSimple(out, 's')
          return
        }
        this.#tell(source)
        writeCommandComplete(out, plan.tag(sent))
      }
    }
  }

  /** What an answer stands on, told once, when its rows are out. */
  #tell({ notices }: RowSource): void {
    for (const notice of notices) this.#notice(notice)
  }

  async #describeStatement(name: string): Promise<void> {
    const { out } = this.#outlet
    const prepared = this.#statement(name)
    this.#text = prepared.statement?.whole
    this.#checkTransaction(prepared)
    const types = await this.#parameterTypes(prepared)
    prepared.inferredTypes = types
    const plan = planStatement(prepared, null, this.#environment)
    // Described before its columns are known: an error must not come after half of the description.
    const portal = new Portal(plan, [])
    this.#running = portal
    const fields = plan.kind === 'rows' ? await plan.describe(portal.signal) : null
    writeParameterDescription(out, types)
    if (fields === null || fields.length === 0) writeSimple(out, 'n')
    else
      writeRowDescription(
        out,
        fields,
        fields.map((): Format => 0),
      )
  }

  async #parameterTypes(prepared: PreparedStatement): Promise<readonly number[]> {
    const { statement, parameterTypes, calls } = prepared
    if (statement === null || !/\$\d/.test(statement.text)) return parameterTypes
    const environment = this.#environment
    const { relations, caller, settings, user } = environment
    const names = new Set(calls.map((call) => call.placeholder))
    const route =
      'SelectStmt' in statement.node
        ? routeSelect(statement.node, relations(caller), settings.searchPath(user), (name) => names.has(name))
        : 'data'
    if (route === 'catalogue') return catalogueParameterTypes(statement, parameterTypes, environment)
    return inferParameters(statement.node, parameterTypes, await environment.described())
  }

  async #describePortal(name: string): Promise<void> {
    const { out } = this.#outlet
    const portal = this.#portal(name)
    if (portal.plan.kind !== 'rows') {
      writeSimple(out, 'n')
      return
    }
    // Its values are bound: the query may as well start.
    const { fields } = await portal.source()
    writeRowDescription(out, fields, portal.formats(fields.length))
  }
}

function bindValues(statement: PreparedStatement, message: Extract<FrontendMessage, { kind: 'bind' }>): BoundValues {
  const { values, parameterFormats } = message
  if (parameterFormats.length > 1 && parameterFormats.length !== values.length) {
    refuse(
      SQLSTATE.protocolViolation,
      `bind message has ${parameterFormats.length} parameter formats but ${values.length} parameters`,
    )
  }
  const types = statement.inferredTypes ?? statement.parameterTypes
  if (statement.inferredTypes !== undefined && values.length !== types.length) {
    refuse(
      SQLSTATE.protocolViolation,
      `bind message supplies ${values.length} parameters, but the prepared statement requires ${types.length}`,
    )
  }
  const formatOf = (index: number): number =>
    parameterFormats.length === 1 ? parameterFormats[0]! : (parameterFormats[index] ?? 0)
  return {
    parameters: values.map((value, index) => readParameter(value, types[index] ?? 0, formatOf(index))),
    raw: values,
    formats: parameterFormats,
    types,
  }
}
