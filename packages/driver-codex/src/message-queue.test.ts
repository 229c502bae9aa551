import { checkForLeaks, useWatchdog } from '@subagent-mcp/testkit'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCodexMessageQueue } from './message-queue.js'

checkForLeaks()

const watchdog = useWatchdog()
const id = '01a207a3-4000-73d2-912a-d1c082888b08'
const thread = '01a207a3-3e51-7a23-a6d4-d35293807722'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'message-queue-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Installs a program that answers as Codex 0.169 does, after it has run the code, and returns its queue. */
function queueOf(code = '') {
  const executable = join(folder, 'codex')
  const script = `#!${process.execPath}
const { writeFileSync } = require('node:fs')
const [command, ...args] = process.argv.slice(2)
const answers = { initialize: {}, 'thread/queue/delete': { deleted: true } }
${code}
if (command === 'queue') {
  writeFileSync(${JSON.stringify(join(folder, 'args'))}, JSON.stringify(args))
  console.log('Queued message ${id} for thread ${thread}.')
} else {
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line)
    if (method === 'thread/queue/delete') writeFileSync(${JSON.stringify(join(folder, 'args'))}, JSON.stringify(params))
    if (id !== undefined) console.log(JSON.stringify({ id, ...(answers[method] ? { result: answers[method] } : { error: { code: -32600, message: 'no' } }) }))
  })
}
`
  writeFileSync(executable, script)
  chmodSync(executable, 0o755)
  const environment = { PATH: process.env['PATH'], HOME: folder, SUBAGENT_MCP_CODEX_PATH: executable }
  const queue = createCodexMessageQueue({ watchdog: watchdog() })
  return { queue, session: { thread, environment } }
}

function received(): unknown {
  return JSON.parse(readFileSync(join(folder, 'args'), 'utf8'))
}

test('a message is queued for a thread', async () => {
  const { queue, session } = queueOf()
  expect(await queue.add(session, 'one "word"\n--thread x')).toEqual({ type: 'queued', id })
  expect(received()).toEqual(['--thread', thread, '--message', 'one "word"\n--thread x'])
})

test.each([
  [
    `console.error('error: unrecognized subcommand'); process.exit(2)`,
    'code 2',
    'error: unrecognized subcommand',
  ],
  [`console.error('no session ${thread}'); process.exit(1)`, 'code 1', `no session ${thread}`],
])('a Codex that refuses is a failure: %s', async (code, how, stderr) => {
  const { queue, session } = queueOf(code)
  const refused = await queue.add(session, 'text')
  expect(refused).toMatchObject({ type: 'failed', failure: { message: `codex ended unasked (${how})` } })
  expect(JSON.stringify(refused)).toContain(stderr)
})

test('a machine without Codex is a failure', async () => {
  const { queue } = queueOf()
  const session = { thread, environment: { PATH: folder, SUBAGENT_MCP_CODEX_PATH: '/nowhere/codex' } }
  expect(await queue.add(session, 'text')).toMatchObject({ failure: { reason: 'not-installed' } })
  expect(await queue.remove(session, id)).toBe(false)
})

test('a message is removed, unless it has begun a turn', async () => {
  const waiting = queueOf()
  expect(await waiting.queue.remove(waiting.session, id)).toBe(true)
  expect(received()).toEqual({ threadId: thread, queuedSubmissionId: id })
  const begun = queueOf(`answers['thread/queue/delete'] = { deleted: false }`)
  expect(await begun.queue.remove(begun.session, id)).toBe(false)
  const older = queueOf(`delete answers['thread/queue/delete']`)
  expect(await older.queue.remove(older.session, id)).toBe(false)
})
