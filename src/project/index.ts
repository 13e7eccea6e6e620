export { parseYamlOption } from './cli-vars.js'
export { readProjectFile, type YamlFile } from './config/project-file.js'
export { readProjectFlags } from './config/project-flags.js'
export { Deprecations } from './deprecations.js'
export { type InstallDepsOptions, installDeps } from './deps/install-deps.js'
export { loadEnvFile, parseDotenv } from './dotenv.js'
export {
  DEFAULT_ENV_PLACEHOLDER,
  type Environment,
  maskPlaceholders,
  readEnvVar,
  revealSecrets,
  SECRET_ENV_PREFIX,
  scrubSecrets,
  secretValues,
} from './env-vars.js'
export { findFiles, PackageFiles } from './find-files.js'
export { type Ask, type InitProjectOptions, type InitProjectResult, initProject } from './init-project.js'
export { type LoadProjectOptions, loadProject } from './load-project.js'
export { resolveProfilesDir, resolveProjectDir } from './project-dirs.js'
export { isTemplate, plainText, type RenderYamlOptions, renderText, renderYaml } from './render/render-yaml.js'
export { skipInProperties } from './render/skip-keys.js'
export { createYamlScope, type YamlScopeOptions } from './render/yaml-scope.js'
export { manifestSelectors } from './selectors/manifest-selectors.js'
export { methodFault, SELECTION_METHODS, selectorSpecToDict } from './selectors/selector-spec.js'
export { failUnknownSelector, readSelectorsFile } from './selectors/selectors-file.js'
export type * from './types.js'
export { failMissingVar, packageVars, resolveVars } from './vars.js'
export type { DuplicateKey, YamlMapping, YamlValue } from './yaml/construct.js'
export { isYamlMapping, plainJson } from './yaml/plain-json.js'
export { type YamlPath, type YamlPositions, yamlPositions } from './yaml/positions.js'
export { type ReadYamlOptions, readYaml } from './yaml/read-yaml.js'
export { isYamlDate, type YamlDate } from './yaml/yaml-date.js'
