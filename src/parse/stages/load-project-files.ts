import type { MacroRegistry } from '../../context/index.js'
import { manifestSelectors } from '../../project/index.js'
import { warnOfDeprecatedModels } from '../checks/deprecated-models.js'
import { warnOfMicrobatch } from '../checks/microbatch.js'
import { checkSpaces } from '../checks/names.js'
import { checkUniqueNames } from '../checks/unique-names.js'
import { warnOfUnusedConfig } from '../checks/unused-config.js'
import { TestReferences } from '../generic-tests/test-references.js'
import { type PropertiesFile, readPropertiesFile } from '../properties/properties-file.js'
import { SourceTables } from '../properties/sources.js'
import { buildEdges } from '../resolve/edges.js'
import { buildSources } from '../resources/source.js'
import type { PackageSources } from '../source-files.js'
import { joinProperties } from './join-properties.js'
import { loadMacros } from './load-macros.js'
import { loadNodes } from './load-nodes.js'
import { openState } from './open-state.js'
import type { ParseStart } from './parse-start.js'
import { resolve } from './resolve.js'
import { settleDisabled } from './settle-disabled.js'

/**
 * Fills the manifest from the files of all packages, in dbt's order. Each stage collects what is wrong and ends with
 * all of it: later stages need what earlier ones made.
 * @throws PlumbError
 */
export async function loadProjectFiles(start: ParseStart, sources: readonly PackageSources[]): Promise<MacroRegistry> {
  const { bag, manifest, warnings, project } = start
  const properties = readProperties(start, sources)
  const macros = loadMacros(start, sources)
  bag.throwIfErrors()

  const state = openState(start, macros)
  for (const each of sources) await loadNodes(state, each)
  const tables = new SourceTables()
  const references = new TestReferences(state)
  for (const file of properties) await joinProperties({ state, references, sources: tables }, file)
  settleDisabled(state)
  await buildSources(state, tables, references)
  bag.throwIfErrors()

  manifest.selectors = manifestSelectors(project.selectors)
  await resolve(state)
  bag.throwIfErrors()

  buildEdges(manifest)
  warnOfDeprecatedModels(state)
  checkSpaces(state)
  warnOfMicrobatch(state)
  checkUniqueNames(state)
  bag.throwIfErrors()
  warnOfUnusedConfig(state)
  warnings.summarize()
  return macros.registry
}

function readProperties({ bag, warnings }: ParseStart, sources: readonly PackageSources[]): PropertiesFile[] {
  const read: PropertiesFile[] = []
  for (const file of sources.flatMap((each) => each.properties)) {
    try {
      const properties = readPropertiesFile(warnings, file)
      if (properties !== undefined) read.push(properties)
    } catch (error) {
      bag.capture(error)
    }
  }
  return read
}
