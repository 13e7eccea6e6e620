import type { Diagnostic } from '../core/diagnostic.js'
import type { PlumbEvent } from '../core/event.js'
import type { Flags } from '../core/flags.js'
import type { Invocation } from '../core/invocation.js'

/** dbt's warnings of the parse and their codes. `--warn-error-options` names them. */
const WARNINGS = {
  InvalidDisabledTargetInTestNode: 'I050',
  UnusedResourceConfigPath: 'I051',
  UnusedTables: 'I056',
  WrongResourceSchemaFile: 'I057',
  NoNodeForYamlKey: 'I058',
  MacroNotFoundForPatch: 'I059',
  NodeNotFoundOrDisabled: 'I060',
  DeprecatedModel: 'I065',
  UpcomingReferenceDeprecation: 'I066',
  DeprecatedReference: 'I067',
  UnsupportedConstraintMaterialization: 'I068',
  SemanticValidationFailure: 'I070',
  FreshnessConfigProblem: 'I073',
  MicrobatchModelNoEventTimeInputs: 'I074',
  InvalidConcurrentBatchesConfig: 'I075',
  InvalidMacroAnnotation: 'I076',
  PackageNodeDependsOnRootProjectNode: 'I077',
  ValidationWarning: 'I009',
} as const

/** What is on its way out: told once in a run, counted for the summary. */
const DEPRECATIONS = {
  ExposureNameDeprecation: 'D007',
  SpacesInResourceNameDeprecation: 'D014',
  ResourceNamesWithSpacesDeprecation: 'D015',
  PackageMaterializationOverrideDeprecation: 'D016',
  MFTimespineWithoutYamlConfigurationDeprecation: 'D018',
  MFCumulativeTypeParamsDeprecation: 'D019',
  MicrobatchMacroOutsideOfBatchesDeprecation: 'D020',
  UnexpectedJinjaBlockDeprecation: 'D023',
  DuplicateYAMLKeysDeprecation: 'D024',
  CustomTopLevelKeyDeprecation: 'D025',
  CustomKeyInObjectDeprecation: 'D027',
  PropertyMovedToConfigDeprecation: 'D030',
  SourceOverrideDeprecation: 'D035',
  ArgumentsPropertyInGenericTestDeprecation: 'D038',
  MissingArgumentsPropertyInGenericTestDeprecation: 'D039',
  DuplicateNameDistinctNodeTypesDeprecation: 'D040',
} as const

/** What dbt says each time, also when nothing has changed since the last parse. */
const REPEATED: ReadonlySet<string> = new Set([
  'DeprecatedModel',
  'DeprecatedReference',
  'InvalidConcurrentBatchesConfig',
  'MicrobatchMacroOutsideOfBatchesDeprecation',
  'MicrobatchModelNoEventTimeInputs',
  'ResourceNamesWithSpacesDeprecation',
  'SpacesInResourceNameDeprecation',
  'UpcomingReferenceDeprecation',
])

/** What dbt says when it reads the YAML file in question, and not when that has not changed. */
const OF_ONE_FILE: ReadonlySet<DeprecationName> = new Set([
  'ArgumentsPropertyInGenericTestDeprecation',
  'CustomKeyInObjectDeprecation',
  'DuplicateYAMLKeysDeprecation',
  'MissingArgumentsPropertyInGenericTestDeprecation',
  'PropertyMovedToConfigDeprecation',
])

export type WarningName = keyof typeof WARNINGS
export type DeprecationName = keyof typeof DEPRECATIONS

export interface WarningDetails extends Partial<Pick<Diagnostic, 'at' | 'nodeId' | 'subject' | 'hint'>> {
  /** Fields of dbt's event. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** Collects what the parse has to say beside errors and sends it on as dbt's events. */
export class Warnings {
  readonly #list: Diagnostic[] = []
  readonly #counts = new Map<DeprecationName, number>()
  readonly #repeated: PlumbEvent[] = []

  constructor(
    readonly invocation: Invocation,
    readonly flags: Flags,
  ) {}

  /** Places in files cost reading them again: only the first of each deprecation is shown unless all are asked for. */
  get wantsPlaces(): boolean {
    return this.flags.showAllDeprecations
  }

  /** Was there anything to say that may have to be said again when another file has changed? */
  get lasting(): boolean {
    const ofFiles = [...this.#counts].reduce((sum, [name, count]) => sum + (OF_ONE_FILE.has(name) ? count : 0), 0)
    return this.#list.length > ofFiles || this.#repeated.length > 0
  }

  /** What is to be said again by invocations that find nothing changed. */
  get repeated(): readonly PlumbEvent[] {
    return this.#repeated
  }

  get list(): readonly Diagnostic[] {
    return this.#list
  }

  /** @throws PlumbError where the user made this warning an error. */
  warn(name: WarningName, message: string, details: WarningDetails = {}): void {
    this.#note(name, message, details)
    this.#send({ name, code: WARNINGS[name], level: 'warn', msg: message, data: details.data ?? {} })
  }

  /** A debug line: dbt does not warn of this one. */
  debug(name: WarningName, message: string, details: WarningDetails = {}): void {
    this.invocation.emit({ name, code: WARNINGS[name], level: 'debug', msg: message, data: details.data ?? {} })
  }

  /** The first of its name is shown, all of them with `--show-all-deprecations`. */
  deprecate(name: DeprecationName, message: string, details: WarningDetails = {}): void {
    const count = this.#counts.get(name) ?? 0
    this.#counts.set(name, count + 1)
    this.#note(name, message, details)
    if (count > 0 && !this.flags.showAllDeprecations) return
    const msg = `Deprecated functionality\n\n${message}`
    this.#send({ name, code: DEPRECATIONS[name], level: 'warn', msg, data: details.data ?? {} })
  }

  /** How often each deprecation was met, when there was one. */
  summarize(): void {
    if (this.#counts.size === 0) return
    const summaries = [...this.#counts].map(([name, occurrences]) => ({
      event_name: name,
      event_code: DEPRECATIONS[name],
      occurrences,
    }))
    const lines = summaries.map(
      (s) => `- ${s.event_name}: ${s.occurrences} occurrence${s.occurrences === 1 ? '' : 's'}`,
    )
    const all = this.flags.showAllDeprecations
      ? ''
      : '\n\nTo see all deprecation instances instead of just the first occurrence of each, run command again with ' +
        'the `--show-all-deprecations` flag. You may also need to run with `--no-partial-parse` as some deprecations ' +
        'are only encountered during parsing.'
    this.invocation.emit({
      name: 'DeprecationsSummary',
      code: 'D028',
      level: 'warn',
      msg: `Deprecated functionality\n\nSummary of encountered deprecations:\n\n${lines.join('\n\n')}${all}`,
      data: { summaries, show_all_hint: !this.flags.showAllDeprecations },
    })
  }

  #send(event: PlumbEvent): void {
    if (REPEATED.has(event.name)) this.#repeated.push(event)
    this.invocation.emit(event)
  }

  #note(name: string, message: string, details: WarningDetails): void {
    const { data: _data, ...place } = details
    const code = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
    this.#list.push({ code, kind: 'parsing', severity: 'warning', message, ...place })
  }
}
