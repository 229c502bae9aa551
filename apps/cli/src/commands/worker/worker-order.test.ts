import { expect, test } from 'vitest'
import { readWorkerCall } from './worker-order.js'
import {
  readWorkersLogsOrder,
  readWorkersStatusOrder,
  readWorkersStopOrder,
} from '../workers/workers-order.js'

const read = (...words: string[]) => readWorkerCall(words, '/code/My App')

test('a worker without words has the usual', () => {
  expect(read()).toEqual({
    order: {
      name: 'my-app',
      mode: 'dontAsk',
      allowed: ['chat', 'sync'],
      session: 'warm',
      pollMs: 45_000,
      once: false,
      replicas: 1,
      budget: {},
      topics: ['project:>'],
      severity: 'high',
    },
    print: false,
    json: false,
  })
})

test.each<[string[], object]>([
  [['--name', 'api', '--provider=codex', '--model', 'gpt'], { name: 'api', provider: 'codex', model: 'gpt' }],
  [['--prefer', 'codex'], { prefer: 'codex' }],
  [['--agent', 'reviewer'], { agent: 'reviewer' }],
  [['--permission-mode', 'acceptEdits'], { mode: 'acceptEdits' }],
  [
    ['--allowed-tools', 'chat, Bash(git log, git show),Read'],
    { allowed: ['chat', 'Bash(git log, git show)', 'Read'] },
  ],
  [['--allowed-tools='], { allowed: [] }],
  [['--topics', 'ci.>, project:deploy.*'], { topics: ['ci.>', 'project:deploy.*'] }],
  [['--topics='], { topics: [] }],
  [['--mcp-config', '.mcp.json'], { mcpConfig: '.mcp.json' }],
  [['--session', 'fresh', '--replicas', '3', '--once'], { session: 'fresh', replicas: 3, once: true }],
  [['--budget-usd', '2.50', '--budget-tokens', '1000'], { budget: { usd: 2.5, tokens: 1000 } }],
  [
    ['--poll-ms', '100', '--max-turns', '5', '--severity', 'low'],
    { pollMs: 100, maxTurns: 5, severity: 'low' },
  ],
])('%j', (words, order) => {
  expect(read(...words).order).toMatchObject(order)
})

test.each([
  [['api'], "there is a 'api' too many"],
  [['--name', 'My App'], "--name 'My App' is no name: take 'my-app'"],
  [['--name='], '--name is empty'],
  [['--model', 'opus'], '--model needs --provider'],
  [['--agent', 'a', '--provider', 'claude'], '--provider beside --agent'],
  [['--prefer', 'codex', '--provider', 'claude'], '--prefer cannot be combined with --provider'],
  [['--prefer', 'codex', '--model', 'gpt'], '--prefer cannot be combined with --model'],
  [['--prefer', 'codex', '--agent', 'a'], '--prefer cannot be combined with --agent'],
  [['--agent', 'a', '--permission-mode', 'bypassPermissions'], 'beside --agent: its definition says it'],
  [['--permission-mode', 'plan'], '--permission-mode plan: nobody is there to read a plan'],
  [
    ['--permission-mode', 'ask'],
    '--permission-mode is one of dontAsk, acceptEdits, default, bypassPermissions',
  ],
  [['--session', 'cold'], "--session is one of warm, resume, fresh, not 'cold'"],
  [['--severity', 'urgent'], '--severity is one of info, low, medium, high, critical'],
  [['--poll-ms', '99'], "--poll-ms takes a whole number from 100 to 3600000, not '99'"],
  [['--poll-ms', '1e3'], '--poll-ms takes a whole number'],
  [['--replicas', '0'], '--replicas takes a whole number from 1 to 100'],
  [['--budget-usd', '0'], "--budget-usd takes an amount above 0, as 2.50, not '0'"],
  [['--budget-usd', 'much'], '--budget-usd takes an amount'],
  [['--budget-tokens', '1.5'], '--budget-tokens takes a whole number'],
  [['--sudo'], "Unknown option '--sudo'"],
])('%j is refused', (words, message) => {
  expect(() => read(...words)).toThrow(message)
})

test('the words after workers', () => {
  expect(readWorkersStatusOrder([])).toEqual({ json: false })
  expect(() => readWorkersStatusOrder(['api'])).toThrow("there is a 'api' too many")
  expect(readWorkersLogsOrder(['api', '-f'])).toEqual({ name: 'api', follow: true, lines: 50, json: false })
  expect(readWorkersLogsOrder(['api', '--lines', '3', '--json'])).toMatchObject({ lines: 3, json: true })
  expect(() => readWorkersLogsOrder([])).toThrow('there is no name')
  expect(() => readWorkersLogsOrder(['api', '--lines', '0'])).toThrow("--lines takes a number, not '0'")
  expect(readWorkersStopOrder(['api'])).toEqual({ name: 'api', json: false })
  expect(readWorkersStopOrder(['--all'])).toEqual({ json: false })
  expect(() => readWorkersStopOrder([])).toThrow('there is no name')
  expect(() => readWorkersStopOrder(['api', '--all'])).toThrow('--all takes no name beside it')
})
