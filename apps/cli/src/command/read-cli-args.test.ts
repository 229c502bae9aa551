import { expect, test } from 'vitest'
import { z } from 'zod'
import { declareCliCommand } from './command-spec.js'
import { readCliArgs } from './read-cli-args.js'
import { createFlagExcludesRule, createFlagNeedsRule, createAtLeastOneArgRule } from './arg-rules.js'
import {
  choiceArgSchema,
  fileFlag,
  commaListArgSchema,
  joinedWordsArgSchema,
  optionalTimeSpanArgSchema,
  remainingWordsArgSchema,
  textArgSchema,
  timeSpanArgSchema,
  booleanArgSchema,
  integerArgSchema,
} from './arg-schemas.js'

const spec = declareCliCommand({
  description: 'Test all kinds of values',
  words: { agent: textArgSchema('agent', 'An agent').exactOptional(), task: joinedWordsArgSchema('A task') },
  flags: {
    dryRun: booleanArgSchema('Do nothing'),
    follow: booleanArgSchema('Go on', 'f'),
    name: textArgSchema('name', 'A name').max(5).exactOptional(),
    level: choiceArgSchema(['low', 'high'], 'A level').default('low'),
    limit: integerArgSchema({ most: 10 }, 'A limit').exactOptional(),
    list: commaListArgSchema('rules', 'Rules').exactOptional(),
    file: fileFlag,
    timeout: timeSpanArgSchema('A time').prefault('7d'),
    wait: optionalTimeSpanArgSchema('Wait').exactOptional(),
    // As another package declares an option, without notes for the command line.
    turns: z.number().positive().optional().describe('Turns'),
    kind: z
      .string()
      .meta({ enum: ['a', 'b'] })
      .refine((kind) => kind !== 'c', { error: 'no kind' })
      .exactOptional(),
  },
})
const usual = { dryRun: false, follow: false, level: 'low', timeout: 604_800 }

const rows: [args: string[], read: object][] = [
  [[], {}],
  [['a', 'do', 'it', '--dry-run', '-f'], { agent: 'a', task: 'do it', dryRun: true, follow: true }],
  [['--name=b', 'a', '--', '--dry-run'], { agent: 'a', name: 'b', task: '--dry-run' }],
  [['a', '-'], { agent: 'a', task: '-' }],
  [['--level', 'high', '--limit', '3', '--turns=2.5'], { level: 'high', limit: 3, turns: 2.5 }],
  [['--list', 'chat, Bash(a, b),chat,'], { list: ['chat', 'Bash(a, b)'] }],
  [['--list='], { list: [] }],
  [['--file', 'a b', 'x', '--file=-c'], { file: ['a b', '-c'], agent: 'x' }],
  [['--name=-x'], { name: '-x' }],
  [['--timeout', '0.5s'], { timeout: 0.5 }],
  [['--timeout=15m'], { timeout: 900 }],
  [['--timeout=12h'], { timeout: 43_200 }],
  [['--wait'], { wait: true }],
  [['a', '--wait', '90'], { agent: 'a', wait: 90 }],
  [['a', '--wait', 'hi'], { agent: 'a', task: 'hi', wait: true }],
  [['a', '--wait', '3 apples'], { agent: 'a', task: '3 apples', wait: true }],
  [['a', '--wait', '--', '3'], { agent: 'a', task: '3', wait: true }],
  [['--wait=2m', 'a'], { agent: 'a', wait: 120 }],
]
test.each(rows)('%j', (args, read) => {
  expect(readCliArgs(spec, args)).toEqual({ ...usual, ...read })
})

const wrong: [args: string[], says: string][] = [
  [['--dri-run'], "Unknown option '--dri-run': did you mean --dry-run?"],
  [['--colour'], "Unknown option '--colour'"],
  [['-x'], "Unknown option '-x'"],
  [['--name'], '--name needs a value: --name <name>'],
  [['--name', '--dry-run'], '--name needs a value: --name <name>'],
  [['--name='], '--name is empty'],
  [['--file', 'a', '--file', ''], '--file is empty'],
  [['--file', '--name'], '--file needs a value: --file <path>'],
  [['--name', 'abcdef'], '--name has 6 characters, at most 5'],
  [['--dry-run=yes'], '--dry-run takes no value'],
  [['--level', 'max'], "--level 'max' is not one of low, high"],
  [['--kind', 'c'], "--kind 'c' is not one of a, b"],
  [['--limit', '11'], "--limit takes a whole number from 1 to 10, not '11'"],
  [['--limit', '1e1'], "--limit takes a whole number from 1 to 10, not '1e1'"],
  [['--limit='], "--limit takes a whole number from 1 to 10, not ''"],
  [['--timeout', 'soon'], "--timeout takes a time as in 90s, 15m, 12h or 7d, not 'soon'"],
  [['--wait=soon'], "--wait takes a time as in 90s, 15m, 12h or 7d, not 'soon'"],
  [[''], '<agent> is empty'],
  [['a', ' '], '<task> is empty'],
]
test.each(wrong)('%j is refused', (args, says) => {
  expect(() => readCliArgs(spec, args)).toThrow(
    expect.objectContaining({ code: 'unknown-parameter', message: says, hint: undefined }),
  )
})

test.each(['', '-1', '1w', '1e3', '1 h'])('%j is no time', (value) => {
  expect(() => readCliArgs(spec, [`--timeout=${value}`])).toThrow('--timeout takes a time')
})

test('arguments without a flag', () => {
  const one = { description: 'Take one', words: { agent: textArgSchema('agent', 'An agent') } }
  expect(() => readCliArgs(one, [])).toThrow('<agent> is missing')
  expect(() => readCliArgs(one, ['a', 'b'])).toThrow("unexpected argument 'b'")
  const some = { description: 'Take some', words: { agents: remainingWordsArgSchema('Agents').min(1) } }
  expect(readCliArgs(some, ['a', 'b'])).toEqual({ agents: ['a', 'b'] })
  expect(() => readCliArgs(some, [])).toThrow('<agents> is missing')
  expect(() => readCliArgs(some, ['a', ''])).toThrow('<agents> is empty')
})

test('rules between flags', () => {
  const ruled = declareCliCommand({
    description: 'Follow rules',
    words: { agents: remainingWordsArgSchema('Agents') },
    flags: {
      all: booleanArgSchema('All'),
      json: booleanArgSchema('JSON'),
      yes: booleanArgSchema('Yes'),
      dryRun: booleanArgSchema('Dry'),
    },
    rules: [
      createAtLeastOneArgRule('agents', 'all'),
      createFlagExcludesRule('all', ['agents'], 'it means all'),
      createFlagNeedsRule('json', 'yes', 'dryRun'),
    ],
    check: ({ agents, yes }) => (yes && agents.length > 1 ? 'one at a time' : undefined),
  })
  expect(readCliArgs(ruled, ['a', '--json', '--dry-run'])).toMatchObject({ agents: ['a'], json: true })
  expect(() => readCliArgs(ruled, [])).toThrow('<agents> or --all is missing')
  expect(() => readCliArgs(ruled, ['--all', 'a'])).toThrow(
    '--all cannot be combined with <agents>: it means all',
  )
  expect(() => readCliArgs(ruled, ['a', '--json'])).toThrow('--json needs --yes or --dry-run')
  expect(() => readCliArgs(ruled, ['a', 'b', '--yes'])).toThrow('one at a time')
})
