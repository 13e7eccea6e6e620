import type { AdapterPlugin } from '../../adapters/adapter.js'
import type { DiagnosticBag } from '../../core/diagnostic.js'
import type { Flags } from '../../core/flags.js'
import type { Invocation } from '../../core/invocation.js'
import type { Manifest } from '../../manifest/index.js'
import type { Project } from '../../project/index.js'
import type { CheckDefinitions } from '../checks/semantic-definitions.js'
import type { Warnings } from '../warnings.js'

/** What there is before the first file is read. */
export interface ParseStart {
  readonly invocation: Invocation
  readonly project: Project
  readonly flags: Flags
  readonly plugin: AdapterPlugin
  /** Empty; grows with every stage. */
  readonly manifest: Manifest
  readonly bag: DiagnosticBag
  readonly checkDefinitions?: CheckDefinitions | undefined
  readonly warnings: Warnings
  /** Seconds since the epoch: `created_at` of everything. */
  readonly createdAt: number
}
