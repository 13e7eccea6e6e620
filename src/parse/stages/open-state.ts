import { Capture, createGenerateNameScope, TemplateSession } from '../../context/index.js'
import { type Scope, toStr, type Value } from '../../jinja/index.js'
import type { JsonObject, MacroNode, ParsedNode } from '../../manifest/index.js'
import { createYamlScope, resolveVars } from '../../project/index.js'
import { ConfigResolver } from '../config/resolver.js'
import { RelationNamer } from '../naming.js'
import { NodeNames } from '../resolve/node-names.js'
import type { ParseState } from '../state.js'
import { noteEnvVars } from '../templates/note-env-vars.js'
import { TemplateReader } from '../templates/template-reader.js'
import type { LoadedMacros } from './load-macros.js'
import type { ParseStart } from './parse-start.js'

/** Puts together what the stages share, once macros are known. */
export function openState(start: ParseStart, { registry, asts }: LoadedMacros): ParseState {
  const { invocation, project, flags, plugin, manifest } = start
  const session = new TemplateSession({ invocation, project, flags, manifest, macros: registry, plugin })
  const { credentials } = session
  return {
    ...start,
    credentials,
    macros: registry,
    session,
    templates: new TemplateReader(session, asts),
    configs: new ConfigResolver(project, aliasesOf(start)),
    namer: new RelationNamer({
      macros: registry,
      asts,
      packages: project.packages.values(),
      target: { database: credentials.database, schema: credentials.schema },
      storeFailures: flags.storeFailures,
      run: (macro, custom, node) => runNameMacro(session, macro, custom, node as Value),
      render: ({ database, schema, alias }: ParsedNode) =>
        toStr(session.relations.create({ database, schema, identifier: alias })),
    }),
    names: new NodeNames(),
    configCalls: new WeakMap(),
    fixtures: new Map(),
    places: new Map(),
    yamlScope: yamlScopes(start, session),
  }
}

/** The warehouse's other names of settings (`dbname`) to the usual ones (`database`). */
function aliasesOf({ plugin }: ParseStart): ReadonlyMap<string, string> {
  return new Map(plugin.fields.flatMap(({ name, aliases }) => (aliases ?? []).map((alias) => [alias, name] as const)))
}

async function runNameMacro(
  session: TemplateSession,
  macro: MacroNode,
  custom: string | null,
  node: Value,
): Promise<Value> {
  const capture = new Capture()
  const value = await createGenerateNameScope(session, macro, capture).bind(macro)([custom, node], {})
  noteEnvVars(session.project, capture)
  return value
}

/** The names templates in properties files see, for each package. */
function yamlScopes({ invocation, project, plugin }: ParseStart, session: TemplateSession): (name: string) => Scope {
  const { credentials } = session
  const { profile } = project
  const target = {
    ...plugin.targetVars(credentials),
    type: plugin.type,
    schema: credentials.schema,
    threads: profile?.threads ?? null,
    name: profile?.targetName ?? null,
    target_name: profile?.targetName ?? null,
    profile_name: profile?.profileName ?? null,
  } as JsonObject
  const scopes = new Map<string, Scope>()
  return (packageName) => {
    let scope = scopes.get(packageName)
    if (scope === undefined) {
      scope = createYamlScope({
        invocation,
        vars: resolveVars(project, packageName),
        target,
        projectName: project.root.name,
        envVars: { secrets: false, used: project.envVarsUsed },
      })
      scopes.set(packageName, scope)
    }
    return scope
  }
}
