import { fail } from '../core/diagnostic.js'
import { DBT_VERSION } from '../core/invocation.js'
import {
  bindMacro,
  compileMacro,
  getAttr,
  type HostObject,
  isUndefined,
  py,
  RenderThread,
  toStr,
  type Value,
} from '../jinja/index.js'
import { pythonJson } from '../project/render/python-json.js'
import { NodeScope } from './node-scope.js'
import type { TemplateSession } from './session.js'
import type { ScopeSubject } from './subject.js'

/** The statement with the project's query comment before it, or behind it when the project says so. */
export async function withQueryComment(scope: NodeScope, sql: string): Promise<string> {
  const holder = scope.connection
  if (holder === undefined) return sql
  holder.comment ??= makeComment(scope, holder.name, holder.subject)
  const comment = await holder.comment
  return comment === '' ? sql : addComment(sql, comment, scope.session.project.root.config.queryComment.append)
}

/**
 * Renders the project's own query comment for a connection before its first statement.
 * @throws PlumbError when it does not render or holds what would end the comment: nothing can run then.
 */
export async function checkQueryComment(scope: NodeScope): Promise<void> {
  if (scope.session.project.root.config.queryComment.comment) await withQueryComment(scope, '')
}

/** Puts a comment before a statement, or behind it but before its last semicolon. */
export function addComment(sql: string, comment: string, append: boolean): string {
  const text = `/* ${comment.trim()} */`
  if (!append) return `${text}\n${sql}`
  const trimmed = sql.trimEnd()
  return trimmed.endsWith(';') ? `${trimmed.slice(0, -1)}\n${text};` : `${trimmed}\n${text}`
}

async function makeComment(scope: NodeScope, connectionName: string, node: ScopeSubject | null): Promise<string> {
  const { session } = scope
  const { comment } = session.project.root.config.queryComment
  if (comment === '') return ''
  const text =
    comment === null
      ? defaultComment(session, connectionName, node)
      : await renderComment(scope, comment, connectionName, node)
  if (text.includes('*/')) {
    fail('runtime', 'query-comment', `query comment contains illegal value "*/": ${text}`)
  }
  return text
}

/** What dbt says when the project says nothing: who runs what, as JSON. */
function defaultComment(session: TemplateSession, connectionName: string, node: ScopeSubject | null): string {
  // The end is all that differs between statements, of which a run sends thousands.
  const same = session.shared('query comment', () => {
    const { profile } = session.project
    return pythonJson({
      app: 'dbt',
      dbt_version: DBT_VERSION,
      profile_name: profile?.profileName ?? null,
      target_name: profile?.targetName ?? null,
    }).slice(0, -1)
  })
  const [key, value] = node === null ? ['connection_name', connectionName] : ['node_id', node.unique_id]
  return `${same}, "${key}": ${pythonJson(value)}}`
}

/** A project's own comment: the body of a macro that is given the connection's name and the node (or None). */
async function renderComment(
  outer: NodeScope,
  comment: string,
  connectionName: string,
  node: ScopeSubject | null,
): Promise<string> {
  const source = `{%- macro query_comment_macro(connection_name, node) -%}\n${comment}\n{% endmacro %}`
  const scope = new NodeScope(outer.kind.forQueryComments(), {
    session: outer.session,
    subject: outer.subject,
    thread: new RenderThread({ undefinedMode: 'strict' }),
    localPackage: outer.session.rootPackage,
  })
  const macro = compileMacro(source, { file: 'dbt_project.yml', name: 'query_comment_macro' })
  const run = bindMacro(macro, scope, scope.thread)
  const text = await run([connectionName, node === null ? null : new LenientNode(node)], {})
  return toStr(text)
}

/** A node that answers with empty text for what it does not have, so that comments need not care what they are on. */
class LenientNode implements HostObject {
  readonly [py.typeName] = 'QueryHeaderContextWrapper'

  constructor(private readonly node: ScopeSubject) {}

  [py.getattr](name: string): Value {
    const value = getAttr(this.node as unknown as Value, name)
    return isUndefined(value) ? '' : value
  }
}
