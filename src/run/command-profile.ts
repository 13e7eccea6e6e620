/** What a command does around its steps. */
export interface CommandProfile {
  /** Runs on-run-start and on-run-end hooks. */
  readonly hooks: boolean
  readonly schemas: boolean
  readonly deferredSchemas: boolean
  /** Says "Finished running ..." when it is done. */
  readonly finishedLine: boolean
  readonly ending: 'summary' | 'freshness' | 'none'
  /** The first step that fails ends the command with its error. */
  readonly stopsAtError: boolean
  /** Failed and skipped tests keep what is below them from running. */
  readonly testsBlock: boolean
}

const BUILDING: CommandProfile = {
  hooks: true,
  schemas: true,
  deferredSchemas: false,
  finishedLine: true,
  ending: 'summary',
  stopsAtError: false,
  testsBlock: false,
}
const READING: CommandProfile = {
  ...BUILDING,
  hooks: false,
  schemas: false,
  finishedLine: false,
  ending: 'none',
  stopsAtError: true,
}

const PROFILES: Readonly<Record<string, CommandProfile>> = {
  build: { ...BUILDING, testsBlock: true },
  compile: READING,
  show: READING,
  generate: READING,
  clone: { ...BUILDING, hooks: false, deferredSchemas: true, finishedLine: false },
  freshness: { ...BUILDING, schemas: false, ending: 'freshness' },
}

/** By dbt's name of a command (`flags.WHICH`); `run`, `test`, `seed` and `snapshot` are alike. */
export function commandProfile(command: string): CommandProfile {
  return (Object.hasOwn(PROFILES, command) ? PROFILES[command] : undefined) ?? BUILDING
}
