import { type HostObject, py, type Value } from '../../jinja/index.js'
import type { Package } from '../../project/types.js'
import type { TemplateSession } from '../session.js'

/**
 * `ref.config` and `adapter.config`: the root project's configuration as far as templates may see it; no secrets.
 * Packages read the versions of `dependencies`, vars and arguments of the command from it.
 */
export function runtimeConfig(session: TemplateSession): Value {
  return session.shared<Value>('runtime config', () => {
    const { project, relations, credentials, flags } = session
    return {
      ...packageConfig(project.root),
      profile_name: project.profile?.profileName ?? null,
      target_name: project.profile?.targetName ?? null,
      threads: credentials.threads,
      quoting: { ...relations.projectQuoting },
      flags: project.root.config.flags as Value,
      cli_vars: project.cliVars as Value,
      credentials: { type: credentials.type, database: credentials.database, schema: credentials.schema },
      args: flags.args as Value,
      dependencies: Object.fromEntries([...project.packages].map(([name, pkg]) => [name, packageConfig(pkg)])),
    }
  })
}

function packageConfig({ name, root, config }: Package): Record<string, Value> {
  return {
    project_name: name,
    version: config.version,
    project_root: root,
    vars: new VarProviderObject(config.vars as Value),
    model_paths: [...config.modelPaths],
    seed_paths: [...config.seedPaths],
    snapshot_paths: [...config.snapshotPaths],
    test_paths: [...config.testPaths],
    macro_paths: [...config.macroPaths],
    analysis_paths: [...config.analysisPaths],
    target_path: config.targetPath,
    packages_install_path: config.packagesInstallPath,
  }
}

/** `config.vars`: the vars of one project's file, reached through `to_dict()`. */
class VarProviderObject implements HostObject {
  readonly [py.typeName] = 'VarProvider'

  constructor(private readonly vars: Value) {}

  [py.getattr](name: string): Value {
    if (name === 'to_dict' || name === 'vars_for') return () => this.vars
    return name === 'vars' ? this.vars : undefined
  }
}
