import { Command as Commander, CommanderError, Option } from 'commander'
import { fail } from '../core/diagnostic.js'
import { closestNames } from '../core/did-you-mean.js'
import { COMMANDS } from './catalog.js'
import type { Command } from './command.js'
import { GLOBAL_OPTIONS, OPTIONS, type OptionName, type OptionSpec } from './options.js'

export type OptionValue = string | boolean | number | readonly string[]

export interface ParsedArguments {
  readonly values: ReadonlyMap<OptionName, OptionValue>
  readonly positional: string | undefined
  /** Text to print instead of running (`--help`). */
  readonly helpText: string | undefined
}

export interface FoundCommand {
  readonly entry: (typeof COMMANDS)[number]
  /** argv without the words of the command. */
  readonly rest: readonly string[]
}

/**
 * Finds the command's words in argv, looking past global options and their values, without loading any command.
 * @returns undefined when argv names no command at all
 * @throws PlumbError `unknown-command`, with near names
 */
export function findCommand(argv: readonly string[]): FoundCommand | undefined {
  const valued = new Set<string>()
  for (const name of GLOBAL_OPTIONS) {
    const spec: OptionSpec = OPTIONS[name]
    if (spec.kind !== 'flag') for (const spelling of spec.flags) valued.add(spelling)
  }
  const words: number[] = []
  for (let i = 0; i < argv.length && words.length < 2; i++) {
    const word = argv[i]!
    if (word.startsWith('-')) {
      if (words.length > 0) break
      if (valued.has(word)) i++
    } else words.push(i)
  }
  const [first, second] = words
  if (first === undefined) return undefined
  const without = (...gone: number[]) => argv.filter((_, i) => !gone.includes(i))
  const named = (name: string) => COMMANDS.find((c) => c.name === name || c.aliases?.includes(name))
  if (second !== undefined) {
    const two = named(`${argv[first]} ${argv[second]}`)
    if (two !== undefined) return { entry: two, rest: without(first, second) }
  }
  const one = named(argv[first]!)
  if (one !== undefined) return { entry: one, rest: without(first) }
  const near = closestNames(
    argv[first]!,
    COMMANDS.flatMap((c) => [c.name, ...(c.aliases ?? [])]),
  )
  const group = COMMANDS.filter((c) => c.name.startsWith(`${argv[first]} `)).map((c) => c.name)
  fail('usage', 'unknown-command', `No such command '${argv[first]}'.`, {
    hint:
      group.length > 0
        ? `say one of: ${group.join(', ')}`
        : near.length > 0
          ? `did you mean '${near[0]}'?`
          : 'plumb --help lists the commands',
  })
}

function camel(flag: string): string {
  return flag.replace(/^--/, '').replace(/-(\w)/g, (_, c: string) => c.toUpperCase())
}

const PLACEHOLDERS: Record<OptionSpec['kind'], string> = {
  flag: '',
  string: ' <text>',
  path: ' <path>',
  integer: ' <n>',
  seconds: ' [seconds]',
  list: ' <names...>',
  choice: ' <choice>',
  choices: ' <types...>',
  yaml: ' <yaml>',
}

/** The attributes commander stores an option's value under: one per long spelling. */
function register(program: Commander, name: OptionName): string[] {
  const spec: OptionSpec = OPTIONS[name]
  const longs = spec.flags.filter((f) => f.startsWith('--'))
  const shorts = spec.flags.filter((f) => !f.startsWith('--'))
  longs.forEach((long, i) => {
    const short = shorts[i]
    const option = new Option(`${short ? `${short}, ` : ''}${long}${PLACEHOLDERS[spec.kind]}`, spec.about)
    if (i > 0 || spec.hidden) option.hideHelp()
    if (spec.kind === 'choice' && spec.choices) option.choices([...spec.choices])
    program.addOption(option)
  })
  for (const negative of spec.negative ?? []) program.addOption(new Option(negative).hideHelp())
  return longs.map(camel)
}

function collect(program: Commander, name: OptionName, attributes: readonly string[]): OptionValue | undefined {
  const spec: OptionSpec = OPTIONS[name]
  const given = attributes
    .filter((a) => program.getOptionValueSource(a) === 'cli')
    .map((a) => program.getOptionValue(a) as OptionValue)
  if (given.length === 0) return undefined
  if (spec.kind === 'list' || spec.kind === 'choices') {
    const words = spec.kind === 'choices' || spec.words === true
    const all = given.flatMap((v) => (v as readonly string[]).flatMap((each) => (words ? each.split(' ') : [each])))
    if (spec.kind === 'choices') for (const v of all) checkChoice(spec, v)
    return all
  }
  const last = given.at(-1)!
  if (spec.kind === 'integer' || (spec.kind === 'seconds' && last !== true)) return toInteger(spec, String(last))
  return last
}

export function toInteger(spec: OptionSpec, text: string): number {
  if (!/^[+-]?\d+$/.test(text.trim())) {
    fail('usage', 'bad-option-value', `Invalid value for '${spec.flags[0]}': '${text}' is not a valid integer.`)
  }
  return Number(text)
}

export function checkChoice(spec: OptionSpec, value: string): void {
  if (spec.choices && !spec.choices.includes(value)) {
    const names = spec.choices.map((c) => `'${c}'`).join(', ')
    fail('usage', 'bad-option-value', `Invalid value for '${spec.flags[0]}': '${value}' is not one of ${names}.`)
  }
}

/**
 * Reads the arguments behind a command.
 * @throws PlumbError kind `usage`, worded as dbt's command line (click) words it
 */
export function parseArguments(command: Command, argv: readonly string[]): ParsedArguments {
  const program = new Commander(`plumb ${command.name}`)
  program.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  program.helpOption('-h, --help', 'Print this help.').description(command.help ?? `${command.summary}.`)
  if (command.argument) {
    const { name, about, required } = command.argument
    program.argument(required ? `<${name}>` : `[${name}]`, about)
  } else program.allowExcessArguments(false)
  const attributes = new Map<OptionName, string[]>()
  program.optionsGroup?.('Options:')
  for (const name of command.options) attributes.set(name, register(program, name))
  program.optionsGroup?.('Options of every command:')
  for (const name of GLOBAL_OPTIONS) if (!attributes.has(name)) attributes.set(name, register(program, name))
  if (command.examples?.length)
    program.addHelpText('after', `\nExamples:\n${command.examples.map((e) => `  ${e}`).join('\n')}`)
  let helpText: string | undefined
  if (argv.includes('--help') || argv.includes('-h')) {
    program.configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110) })
    let text = ''
    program.configureOutput({
      writeOut: (s) => {
        text += s
      },
      writeErr: () => {},
    })
    program.outputHelp()
    helpText = text
    return { values: new Map(), positional: undefined, helpText }
  }
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    fail('usage', 'bad-usage', usageMessage(error), { hint: usageHint(error, program, command) })
  }
  const values = new Map<OptionName, OptionValue>()
  for (const [name, longs] of attributes) {
    const value = collect(program, name, longs)
    if (value !== undefined) values.set(name, value)
  }
  return { values, positional: program.args[0], helpText }
}

function usageMessage(error: CommanderError): string {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.unknownOption':
      return `No such option: ${quoted.split('=')[0]}`
    case 'commander.missingArgument':
      return `Missing argument '${quoted.toUpperCase()}'.`
    case 'commander.optionMissingArgument':
      return `Option '${/--[\w-]+/.exec(quoted)?.[0] ?? quoted}' requires an argument.`
    case 'commander.excessArguments':
      return `Got unexpected extra argument (${error.message.match(/: (.*)\.$/)?.[1] ?? '...'})`
    case 'commander.invalidArgument':
      return error.message.replace(
        /^error: option '(?:-\w, )?(--[\w-]+)[^']*' argument '([^']*)' is invalid\. Allowed choices are (.*)\.$/s,
        (_, flag: string, value: string, list: string) =>
          `Invalid value for '${flag}': '${value}' is not one of ${list
            .split(', ')
            .map((c) => `'${c}'`)
            .join(', ')}.`,
      )
    default:
      return error.message.replace(/^error: /, '')
  }
}

function usageHint(error: CommanderError, program: Commander, command: Command): string {
  if (error.code === 'commander.unknownOption') {
    const asked = /'([^']*)'/.exec(error.message)?.[1] ?? ''
    const near = closestNames(
      asked,
      program.options.map((o) => o.long ?? ''),
    )[0]
    if (near) return `did you mean '${near}'?`
  }
  return `plumb ${command.name} --help lists the options`
}
