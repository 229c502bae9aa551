import { startChildProcess, type JsonRpcOutcome } from '@subagent-mcp/driver-kit'
import { checkForLeaks, useWatchdog } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { fakeAgentProfile } from '../fake-agents.test.support.js'
import { createAcpSessionCleaner } from './session-cleaner.js'

checkForLeaks()
const watchdog = useWatchdog()

const left = { sessionId: 's', servers: undefined }
const can = { load: true, close: true, image: true, http: false, sse: false }
const toolVariable = { name: 'TOOL', value: '1' }
type Parts = { answer?: JsonRpcOutcome; ephemeral?: boolean; isQuiet?: () => boolean; mark?: string }

/** Creates the cleaner of a session in an agent that closes sessions with this answer, and records what is deleted. */
function byHand({ answer = { type: 'result', result: {} }, mark = 'none', ...more }: Parts) {
  const forgotten: (readonly number[])[] = []
  const profile = {
    ...{ ...fakeAgentProfile, toolVariable },
    readBackground: ({ tool }: { tool: string }) => (tool === 'execute' ? 7 : undefined),
    forget: ({ background }: { background: readonly number[] }) => void forgotten.push(background),
  }
  const { ephemeral = true, isQuiet = () => true } = more
  const agent = { pid: undefined, mark, can, isQuiet, request: () => Promise.resolve(answer) }
  const cleaner = createAcpSessionCleaner({ ...agent, emptyLog: () => undefined }, profile, {
    ephemeral,
    environment: {},
  })
  return { cleaner, forgotten }
}

test.each<[JsonRpcOutcome, boolean, { reason: string } | undefined]>([
  [{ type: 'result', result: {} }, true, undefined],
  [{ type: 'error', code: -1, message: 'no' }, true, { reason: 'bad-request' }],
  [{ type: 'timed-out' }, true, { reason: 'timed-out' }],
  [{ type: 'lost' }, true, undefined],
  [{ type: 'timed-out' }, false, undefined],
])('an agent that answers %j to the end of a session, ephemeral %s', async (answer, ephemeral, expected) => {
  const failure = await byHand({ answer, ephemeral }).cleaner.close(left)
  if (expected === undefined) expect(failure).toBeUndefined()
  else expect(failure).toMatchObject(expected)
})

test('only the tool that runs commands is believed that it left one running', async () => {
  const { cleaner, forgotten } = byHand({})
  for (const tool of ['read', 'execute']) {
    cleaner.onEvent({ type: 'tool-started', callId: tool, tool, input: {} })
    cleaner.onEvent({ type: 'tool-ended', callId: tool, failed: false, output: '' })
  }
  await cleaner.clear(left)
  expect(forgotten).toEqual([[7]])
})

/** A script that starts a process as tools of an agent do, and one more for each input. */
const stays = `
  const { spawn } = require('node:child_process')
  const env = { ...process.env, TOOL: '1' }
  const start = () => console.log(spawn('sleep', ['1000'], { env, detached: true, stdio: 'ignore' }).pid)
  start()
  process.stdin.on('data', start)
`

test.skipIf(process.platform === 'win32')('a command of a turn that begins meanwhile lives on', async () => {
  const pids: number[] = []
  const onLine = (line: string) => void pids.push(Number(line))
  const child = startChildProcess({
    ...{ command: process.execPath, args: ['-e', stays], cwd: '/', environment: { PATH: '/usr/bin:/bin' } },
    ...{ watchdog: watchdog(), onLine, onOversizedLine: () => undefined, onExit: () => undefined },
  })
  await expect.poll(() => pids).toHaveLength(1)
  const { mark } = child
  await byHand({ mark, isQuiet: () => false }).cleaner.clear(left)
  expect(pids.map(runs)).toEqual([true])

  // Another session's turn begins as soon as it was asked for the first time.
  const isQuiet = () => {
    queueMicrotask(() => child.write('more\n'))
    return true
  }
  const clearing = byHand({ mark, isQuiet }).cleaner.clear(left)
  await expect.poll(() => pids).toHaveLength(2)
  await clearing
  await expect.poll(() => pids.map(runs)).toEqual([false, true])
  await child.stop('kill')
})

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // No such process.
    return false
  }
}
