import pg from 'pg'
import type { TestServer } from './postgres.js'
import { type TestProject, type Tree, testProject } from './project.js'

export interface PostgresProject extends TestProject {
  /** The schema of its target: its own among all projects on the server. */
  readonly schema: string
  /** Rows of a query on the server, as the user of the profile, with the schema in the search path. */
  query(sql: string): Promise<Record<string, unknown>[]>
}

let made = 0

/** A project on disk whose target is a schema of its own on a running server; `output` adds to the profile's output. */
export function postgresProject(
  server: TestServer,
  tree: Tree = {},
  output: Readonly<Record<string, unknown>> = {},
): PostgresProject {
  const schema = `project_${++made}`
  const profile = { test: { target: 'dev', outputs: { dev: { ...server.output, schema, ...output } } } }
  // JSON is YAML.
  const project = testProject({ 'profiles.yml': JSON.stringify(profile), ...tree })
  return Object.assign(project, {
    schema,
    async query(sql: string) {
      const { host, port, user, password, database } = server
      const client = new pg.Client({ host, port, user, password, database, options: `-c search_path=${schema}` })
      await client.connect()
      try {
        return (await client.query(sql)).rows as Record<string, unknown>[]
      } finally {
        await client.end()
      }
    },
  })
}
