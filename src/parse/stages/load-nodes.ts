import { diagnostic } from '../../core/diagnostic.js'
import { duplicateMessage } from '../checks/duplicates.js'
import { readDocs } from '../resources/doc.js'
import { parseFixture } from '../resources/fixture.js'
import { parseFunction } from '../resources/function.js'
import { parseHooks } from '../resources/hook.js'
import { parseModel } from '../resources/model.js'
import { parseSeed } from '../resources/seed.js'
import { parseSnapshots } from '../resources/snapshot.js'
import { parseAnalysis, parseSingularTest } from '../resources/sql-file.js'
import { type PackageSources, readSource } from '../source-files.js'
import { attempt, type ParseState } from '../state.js'

/** Reads every file of a package but macros and properties; a faulty file does not stop the others. */
export async function loadNodes(state: ParseState, sources: PackageSources): Promise<void> {
  for (const file of sources.models) await attempt(state, () => parseModel(state, file))
  for (const file of sources.snapshots) await attempt(state, () => parseSnapshots(state, file))
  for (const file of sources.analyses) await attempt(state, () => parseAnalysis(state, file))
  for (const file of sources.singularTests) await attempt(state, () => parseSingularTest(state, file))
  for (const file of sources.seeds) await attempt(state, () => parseSeed(state, file, sources.pkg))
  for (const file of sources.docs) await attempt(state, () => loadDocs(state, file))
  if (sources.pkg.kind !== 'builtin') await attempt(state, () => parseHooks(state, sources.pkg))
  for (const file of sources.fixtures) await attempt(state, () => parseFixture(state, file))
  for (const file of sources.functions) await attempt(state, () => parseFunction(state, file))
}

async function loadDocs(state: ParseState, file: PackageSources['docs'][number]): Promise<void> {
  const { docs } = state.manifest
  for (const doc of await readDocs(file, readSource(file))) {
    const other = docs[doc.unique_id]
    if (other === undefined) docs[doc.unique_id] = doc
    else state.bag.add(diagnostic('compilation', 'duplicate-resource', duplicateMessage(doc, other)))
  }
}
