import type { UniqueId } from '../manifest/index.js'
import type { ArtifactMetadata } from './artifact-metadata.js'
import { readArtifact } from './read-file.js'
import { inChunks, writeFileAtomically } from './write-file.js'

export interface CatalogColumn {
  readonly type: string
  readonly index: number
  readonly name: string
  readonly comment: string | null
}

export interface CatalogStat {
  readonly id: string
  readonly label: string
  readonly value: boolean | string | number | null
  readonly include: boolean
  readonly description: string | null
}

/** A relation as the warehouse describes it. */
export interface CatalogTable {
  readonly metadata: {
    readonly type: string
    readonly schema: string
    readonly name: string
    readonly database: string | null
    readonly comment: string | null
    readonly owner: string | null
  }
  readonly columns: Readonly<Record<string, CatalogColumn>>
  readonly stats: Readonly<Record<string, CatalogStat>>
  readonly unique_id: UniqueId
}

/** catalog.json v1. */
export interface CatalogArtifact {
  readonly metadata: ArtifactMetadata
  readonly nodes: Readonly<Record<UniqueId, CatalogTable>>
  readonly sources: Readonly<Record<UniqueId, CatalogTable>>
  readonly errors: readonly string[] | null
}

/**
 * Writes catalog.json (v1).
 * @throws PlumbError `artifact-not-written`.
 */
export async function writeCatalog(path: string, artifact: CatalogArtifact): Promise<void> {
  await writeFileAtomically(path, inChunks(catalogJson(artifact)))
}

function* catalogJson({ metadata, nodes, sources, errors }: CatalogArtifact): Generator<string> {
  yield `{"metadata": ${JSON.stringify(metadata)}`
  for (const [name, tables] of Object.entries({ nodes, sources })) {
    yield `, "${name}": {`
    let separator = ''
    for (const [id, table] of Object.entries(tables)) {
      yield `${separator}${JSON.stringify(id)}: ${JSON.stringify(table)}`
      separator = ', '
    }
    yield '}'
  }
  yield `, "errors": ${JSON.stringify(errors)}}`
}

/**
 * Reads a catalog.json (v1); undefined when there is none.
 * @throws PlumbError `artifact-not-readable`, `incompatible-schema`.
 */
export function readCatalog(path: string): CatalogArtifact | undefined {
  const read = readArtifact('catalog', path)
  return read && ({ nodes: {}, sources: {}, errors: null, ...read.data } as unknown as CatalogArtifact)
}
