import type { SessionEnvironment } from './environment.js'
import { SERVER_VERSION } from './settings.js'

/** What the session knows of itself, by the names of SQL's functions; undefined for other names. */
export function sessionValue(name: string, session: SessionEnvironment): string | null | undefined {
  switch (name) {
    case 'current_user':
    case 'session_user':
    case 'user':
    case 'current_role':
      return session.user
    case 'current_database':
    case 'current_catalog':
      return session.relations(session.caller).database
    case 'current_schema':
      return currentSchemas(session)[0] ?? null
    case 'version':
      return `PostgreSQL ${SERVER_VERSION} (Plumbline)`
    case 'pg_backend_pid':
      return String(session.pid)
    case 'pg_is_in_recovery':
      return 'f'
    case 'inet_server_addr':
    case 'inet_client_addr':
      return null
    default:
      return undefined
  }
}

/** The schemas of the search path that exist. */
export function currentSchemas(session: SessionEnvironment): readonly string[] {
  const { tables } = session.relations(session.caller)
  const existing = new Set([...tables.map((table) => table.schema), 'public', 'pg_catalog', 'information_schema'])
  return session.settings.searchPath(session.user).filter((name) => existing.has(name))
}
