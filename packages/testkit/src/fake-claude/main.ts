import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { unknownSessionId } from '../driver-contract/no-session.js'
import { recordReceivedLine } from '../received-file.js'
import { behaviourVariable, readBehaviour, type FakeClaudeBehaviour } from './behaviour.js'
import { createFakeSession } from './fake-session.js'
import type { Line } from './lines.js'

/** This file is the script of a fake `claude`, which reads its behaviour first: see `installFakeClaude`. */
const behaviour = readBehaviour(process.env[behaviourVariable])
const [, , command = ''] = process.argv

if (command === '--version') process.stdout.write('2.1.329 (fake)\n')
else if (command === 'auth') process.stdout.write('{ "loggedIn": true }\n')
else if (behaviour === 'dies-before-first-line') dieEarly()
else if (resumed() === unknownSessionId) findNothing()
else serve()

function dieEarly(): void {
  process.stderr.write('fake claude: cannot start\n')
  process.exitCode = 3
}

function findNothing(): void {
  const errors = [`No conversation found with session ID: ${unknownSessionId}`]
  process.stdout.write(
    `${JSON.stringify({ type: 'result', subtype: 'error_during_execution', is_error: true, errors })}\n`,
  )
  process.exitCode = 1
}

function serve(): void {
  if (behaviour === 'ignores-term') ignoreTerm()
  const session = createFakeSession({
    behaviour,
    write: writer(behaviour),
    sessionId: (isFork() ? undefined : resumed()) ?? randomUUID(),
    earlierTurns: resumed() === undefined || behaviour === 'older' ? 0 : 3,
    asks: asks(),
  })
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    recordReceivedLine(line)
    session.hear(JSON.parse(line))
  })
}

/** Whether the fake asks before it runs tools. A rule for all tools wins over the mode that allows them. */
function asks(): boolean {
  const mode = process.argv[process.argv.indexOf('--permission-mode') + 1]
  const settings = valueOf('--settings')
  const rules = settings === undefined ? '' : readFileSync(settings, 'utf8')
  return mode !== 'bypassPermissions' || rules.includes('"ask":["*"]')
}

function isFork(): boolean {
  return process.argv.includes('--fork-session')
}

function resumed(): string | undefined {
  return valueOf('--resume')
}

function valueOf(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Creates the writer of lines: as they are, or each after some lines without a meaning. */
function writer(behaviour: FakeClaudeBehaviour): (line: Line | string) => void {
  const rubbish = [
    '',
    'Warning: something is old',
    '[1,2]',
    'null',
    '{"type":"news"}',
    '{"type":"result"',
    '{"type":"user"}',
  ]
  const before = behaviour === 'rubbish' ? rubbish.map((line) => `${line}\n`).join('') : ''
  return (line) => {
    process.stdout.write(before + (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`))
  }
}

function ignoreTerm(): void {
  process.on('SIGTERM', () => undefined)
  setInterval(() => undefined, 1000)
  const loop = 'trap "" TERM HUP INT; while :; do sleep 1; done'
  spawn('/bin/sh', ['-c', loop], { detached: true, stdio: 'ignore' }).unref()
}
