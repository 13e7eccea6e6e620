import type { Command } from './command.js'

/** The verbs in the order help lists them; a verb's module is loaded when it is used. */
export const COMMANDS: readonly {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly load: () => Promise<{ default: Command }>
}[] = [
  {
    name: 'build',
    summary: 'Seeds, models, snapshots and tests, in the order of the graph',
    load: () => import('./commands/build.js'),
  },
  { name: 'run', summary: 'Build models', load: () => import('./commands/run.js') },
  { name: 'test', summary: 'Run data tests and unit tests', load: () => import('./commands/test.js') },
  { name: 'seed', summary: 'Load seed files', load: () => import('./commands/seed.js') },
  { name: 'snapshot', summary: 'Record how rows changed', load: () => import('./commands/snapshot.js') },
  { name: 'compile', summary: 'Render the SQL without running it', load: () => import('./commands/compile.js') },
  {
    name: 'lineage',
    summary: 'Show where a table or column comes from, and what stands on it',
    load: () => import('./commands/lineage.js'),
  },
  { name: 'diff', summary: 'Say what a change touches, breaks and moves', load: () => import('./commands/diff.js') },
  { name: 'show', summary: 'Run a query or a model and print rows', load: () => import('./commands/show.js') },
  { name: 'parse', summary: 'Read the project and write manifest.json', load: () => import('./commands/parse.js') },
  {
    name: 'list',
    aliases: ['ls'],
    summary: 'List the resources of the project',
    load: () => import('./commands/list.js'),
  },
  { name: 'query', summary: 'Ask metrics a question', load: () => import('./commands/query.js') },
  {
    name: 'metrics',
    aliases: ['list metrics'],
    summary: 'List the metrics',
    load: () => import('./commands/metrics.js'),
  },
  {
    name: 'dimensions',
    aliases: ['list dimensions'],
    summary: 'List the dimensions that metrics can be grouped by',
    load: () => import('./commands/dimensions.js'),
  },
  {
    name: 'entities',
    aliases: ['list entities'],
    summary: 'List the entities that metrics can be grouped by',
    load: () => import('./commands/entities.js'),
  },
  {
    name: 'dimension-values',
    aliases: ['list dimension-values'],
    summary: 'List the values of a dimension',
    load: () => import('./commands/dimension-values.js'),
  },
  {
    name: 'saved-queries',
    aliases: ['list saved-queries'],
    summary: 'List the saved queries',
    load: () => import('./commands/saved-queries.js'),
  },
  {
    name: 'export',
    summary: 'Write the exports of saved queries: tables, views, files',
    load: () => import('./commands/export.js'),
  },
  { name: 'metric-tests', summary: 'Run the metric tests', load: () => import('./commands/metric-tests.js') },
  {
    name: 'validate',
    aliases: ['validate-configs'],
    summary: 'Check the definitions of metrics',
    load: () => import('./commands/validate.js'),
  },
  { name: 'run-operation', summary: 'Call a macro', load: () => import('./commands/run-operation.js') },
  {
    name: 'source freshness',
    aliases: ['source snapshot-freshness'],
    summary: 'Check how fresh the sources are',
    load: () => import('./commands/source-freshness.js'),
  },
  {
    name: 'docs generate',
    summary: 'Write the catalogue and the documentation',
    load: () => import('./commands/docs-generate.js'),
  },
  { name: 'docs serve', summary: 'Serve the documentation', load: () => import('./commands/docs-serve.js') },
  {
    name: 'serve',
    summary: 'Answer questions about metrics over HTTP and the PostgreSQL protocol',
    load: () => import('./commands/serve.js'),
  },
  {
    name: 'user token',
    summary: 'A new API token, and what to keep of it in users.yml',
    load: () => import('./commands/user-token.js'),
  },
  {
    name: 'user hash',
    summary: 'What to keep of a password in users.yml',
    load: () => import('./commands/user-hash.js'),
  },
  { name: 'clone', summary: 'Copy selected nodes from another state', load: () => import('./commands/clone.js') },
  { name: 'retry', summary: 'Run again what failed last time', load: () => import('./commands/retry.js') },
  { name: 'deps', summary: 'Install packages', load: () => import('./commands/deps.js') },
  { name: 'debug', summary: 'Check the set-up and the connection', load: () => import('./commands/debug.js') },
  { name: 'clean', summary: 'Delete generated directories', load: () => import('./commands/clean.js') },
  { name: 'init', summary: 'Start a project', load: () => import('./commands/init.js') },
]

/** The command that dbt calls `which` (`generate` is `docs generate`). */
export async function commandCalled(which: string): Promise<Command | undefined> {
  const entry = COMMANDS.find(({ name }) => name === which || name === `docs ${which}`)
  return entry === undefined ? undefined : (await entry.load()).default
}
