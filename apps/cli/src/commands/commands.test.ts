import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { findCliCommand } from '../command/command-tree.js'
import { describeCommands } from '../command/describe-command.js'
import type { CliFlagHelp } from '../help/commands-help.js'
import { commands } from './commands.js'

const described = await describeCommands(commands)
const leaves = Object.entries(described).filter(([, help]) => help.flags)

test('the help that is built is that of the sources', () => {
  expect(JSON.parse(readFileSync(join(inject('cli'), 'dist/help.json'), 'utf8'))).toEqual(described)
})

test.each(leaves)(
  '%s takes each flag of its help, and no other',
  async (path, { flags = [], words = [] }) => {
    const { load, rest } = findCliCommand(commands, path.split(' '))
    expect(rest).toEqual([])
    const command = await load()
    const given = words
      .filter(({ typed }) => !typed.startsWith('['))
      .map(({ choices = ['x'] }) => choices[0] ?? 'x')
    for (const flag of flags) {
      const typed = [flag.name, flag.short ?? flag.name].map((name) => [...given, name, ...exampleOf(flag)])
      for (const args of typed)
        expect(refusal(() => command.read(args))).not.toMatch(
          /Unknown option|takes|is not one of|needs a value/,
        )
    }
    expect(() => command.read([...given, '--undocumented'])).toThrow("Unknown option '--undocumented'")
    expect(Object.keys(command.flags)).toHaveLength(flags.length)
  },
)

/** Returns a valid value of an option, from its choices or the placeholder in its help, in a list; empty if it needs none. */
function exampleOf({ value, choices = [] }: CliFlagHelp): string[] {
  if (value === undefined || value.startsWith('[')) return []
  return [choices[0] ?? valueExamples[value] ?? 'x']
}

const valueExamples: Readonly<Record<string, string>> = {
  '<time>': '2m',
  '<number>': '100',
  '<amount>': '2.50',
  '<a,b>': 'claude',
  '<a.md,b.md>': 'docs/a.md',
}

/** Returns the error of a command line as text. It may be that a rule requires another option beside this one. */
function refusal(read: () => object): string {
  try {
    read()
    return ''
  } catch (error) {
    return String(error)
  }
}

const examples = leaves.flatMap(([path, { examples: lines = [] }]) =>
  lines.map((line) => [path, line] as const),
)
test('each command has examples', () => {
  expect(leaves.filter(([, help]) => (help.examples ?? []).length < 2)).toEqual([])
})
test.each(examples)('%s takes its example: %s', async (path, line) => {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
  const { load, rest, path: found } = findCliCommand(commands, words)
  expect([path, found.join(' ')]).toEqual([path, path])
  expect((await load()).read(rest)).toBeDefined()
})

test('each line of help is short, and says more than the name', () => {
  for (const [path, { description, words = [], flags = [] }] of Object.entries(described)) {
    expect(description.length, path).toBeLessThan(125)
    for (const each of [...words, ...flags]) expect(each.description.length, path).toBeGreaterThan(8)
  }
})

async function read(line: readonly string[]): Promise<object> {
  const { load, rest } = findCliCommand(commands, line)
  return (await load()).read(rest)
}

/** Command lines with options that one command reads differently; common behaviour has its tests in `command/`. */
const rows: [line: string[], args: object][] = [
  [['prune'], { olderThan: 604_800, all: false, yes: false, json: false }],
  [['fleet', 'up'], { file: 'workers.yaml', json: false }],
  [['mode'], { state: 'status', all: false, json: false }],
  [['mode', 'on', '--expire', '90m'], { state: 'on', expire: 5400, all: false, json: false }],
  [['permissions', 'log'], { all: false, limit: 100, json: false }],
  [
    ['publish', 'ci.build', 'it', 'broke'],
    { topic: 'ci.build', text: 'it broke', severity: 'info', everywhere: false, json: false },
  ],
  [['routes', '--explain', 'coding'], { explain: 'coding', json: false }],
  [
    ['update', '--after', '1.0.0', '--run', 'r'],
    { check: false, dryRun: false, after: '1.0.0', run: 'r', json: false },
  ],
  [
    ['setup', '--host', 'claude,codex', '--no-hooks', '-y'],
    {
      host: ['claude', 'codex'],
      scope: 'user',
      hooks: false,
      noHooks: true,
      noTrust: false,
      suppressNative: false,
      dryRun: false,
      yes: true,
      json: false,
    },
  ],
  [['workers', 'logs', 'api', '-f'], { name: 'api', follow: true, lines: 50, json: false }],
]
test.each(rows)('%j', async (line, args) => {
  expect(await read(line)).toEqual(args)
})

const wrong: [line: string, says: string][] = [
  ['run', '<prompt> or --batch is missing'],
  ['run fix it', "unexpected argument 'it'"],
  ['run x --category cooking', "--category 'cooking' is not one of math_proof, "],
  ['run x --model opus', '--model needs --provider'],
  ['run x --provider claude --effort high', '--effort needs --model'],
  ['run x --prefer codex --provider codex', '--prefer cannot be combined with --provider'],
  [
    'run x --agent a --permissions ask',
    "--agent cannot be combined with --permissions: the agent's definition sets it",
  ],
  ['run x --permissions all', "--permissions 'all' is not one of read-only, ask, accept-edits, full-auto"],
  [`run x --name ${'x'.repeat(81)}`, '--name has 81 characters, at most 80'],
  ['invoke a x --timeout 0', '--timeout takes a time above 0 and up to 7d'],
  ['invoke a x --timeout 8d', '--timeout takes a time above 0 and up to 7d'],
  ['kill', '<agents> or --all is missing'],
  ['kill --all a', '--all cannot be combined with <agents>'],
  ['send a', '<text> is missing'],
  ['chat inbox --limit 1001', "--limit takes a whole number from 1 to 1000, not '1001'"],
  ['chat dead --limit 2 --revive m1', '--revive cannot be combined with --limit'],
  ['chat dead app --revive m1', '--revive cannot be combined with <agent>'],
  ['publish ci --severity bad', "--severity 'bad' is not one of info, low, medium, high, critical"],
  ['permissions log --limit 1e2', "--limit takes a whole number from 1 to 1000, not '1e2'"],
  ['routes coding --explain debugging', '--explain cannot be combined with <category>'],
  ['mode maybe', "<state> 'maybe' is not one of on, off, status"],
  ['mode on --expire 366d', '--expire takes a time above 0 and up to 365d'],
  ['mode off --expire 1h', '--expire needs on'],
  ['mode on --all', '--all needs status'],
  ['mode --all --project /p', '--all cannot be combined with --project'],
  ['setup --host claude,emacs', 'claude-desktop'],
  ['setup --host=', '--host is empty'],
  ['setup --json', '--json needs --yes or --dry-run'],
  ['uninstall --json', '--json needs --yes or --dry-run'],
  ['init --global --files a.md', '--global cannot be combined with --files'],
  ['init --root . --files a,,b', "--files takes files below the root, not ''"],
  ['init --root . --files a/../../x', "--files takes files below the root, not 'a/../../x'"],
  ['init --root . --files /etc/x', "--files takes files below the root, not '/etc/x'"],
  ['init --root . --files a.md,package.json', "outside of .git, not 'package.json'"],
  ['init --root . --files .git/a.md', "outside of .git, not '.git/a.md'"],
  ['service install --print --json', '--print cannot be combined with --json'],
  ['update --check --dry-run', '--check cannot be combined with --dry-run'],
  ['update --run r', '--run needs --after'],
  ['worker --name My', "--name 'My' is no name: take 'my'"],
  ['worker --agent a --prefer claude', '--agent cannot be combined with --prefer'],
  ['worker --prefer codex --agent a', '--agent cannot be combined with --prefer'],
  ['worker --agent a --permission-mode bypassPermissions', 'cannot be combined with --agent'],
  ['worker --permission-mode plan', '--permission-mode cannot be plan: '],
  ['worker --poll-ms 99', '--poll-ms takes a whole number from 100 to 3600000'],
  ['worker --replicas 101', '--replicas takes a whole number from 1 to 100'],
  ['worker --budget-usd 0', "--budget-usd takes an amount above 0, as 2.50, not '0'"],
  ['worker --budget-tokens 1.5', '--budget-tokens takes a whole number'],
  ['workers logs api --lines 0', '--lines takes a whole number'],
  ['workers stop', '<name> or --all is missing'],
  ['workers stop api --all', '--all cannot be combined with <name>'],
]
test.each(wrong)('%s', async (line, says) => {
  await expect(read(line.split(' '))).rejects.toThrow(says)
})
