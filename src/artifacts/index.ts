export { type ArtifactMetadata, artifactMetadata, metadataEnv } from './artifact-metadata.js'
export {
  type CatalogArtifact,
  type CatalogColumn,
  type CatalogStat,
  type CatalogTable,
  readCatalog,
  writeCatalog,
} from './catalog.js'
export { type ComparedState, type CompareOptions, compareState, type StateAspect } from './compare/compare-state.js'
export { copyAssets } from './copy-assets.js'
export { type GraphSummary, writeGraphSummary } from './graph-summary.js'
export { manifestToDeferTo, openState, type PreviousState, type StateOptions } from './previous-state.js'
export { readManifest } from './read-manifest.js'
export { keepRun, RunHistory, readRuns } from './run-history.js'
export {
  type ExecutedNode,
  type RunResultOutput,
  type RunResultsArtifact,
  readRunResults,
  runResultOutput,
  writeRunResults,
} from './run-results.js'
export { schemaUrl } from './schema-version.js'
export { semanticManifestOf, writeSemanticManifest } from './semantic-manifest.js'
export {
  type FreshnessFailure,
  type FreshnessOutput,
  readSources,
  type SourcesArtifact,
  writeSources,
} from './sources.js'
export { writeFileAtomically } from './write-file.js'
export { asWritten, manifestJson, writeManifest } from './write-manifest.js'
