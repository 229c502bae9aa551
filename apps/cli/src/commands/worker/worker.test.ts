import type { WorkerStatus } from '@subagent-mcp/worker'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTestTerminal, type TestTerminal } from '../../terminal/terminal.test.support.js'
import { eventJson, eventText, tellStatus, type WorkerEvent } from '../../worker/tell-worker.js'
import { claimWorker, workerPath } from '../../worker/worker-file.js'
import { openWorkerLog, workerLogPath } from '../../worker/worker-log.js'
import { workersLogsCommand } from '../workers/logs.js'
import { workersStatusCommand } from '../workers/status.js'
import { workersStopCommand } from '../workers/stop.js'
import { workerCommand } from './worker.js'

function open(): { terminal: TestTerminal; home: string } {
  const home = mkdtempSync(join(tmpdir(), 'worker-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true })
  })
  const terminal = createTestTerminal({ cwd: '/w/api', now: () => 60_000 })
  terminal.environment = { HOME: home, SUBAGENT_MCP_HOME: home }
  return { terminal, home }
}

test('what would be launched is shown, with nothing that is secret', async () => {
  const { terminal } = open()
  const token = `ghp_${'a1B2'.repeat(9)}`
  const servers = JSON.stringify({
    mcpServers: {
      github: {
        command: 'gh',
        env: { TOKEN: token, DB_PASSWORD: 'hunter2x9', NOTE: 'cookie: sid=abcdef12345"' },
      },
    },
  })
  const words = ['--provider', 'claude', '--mcp-config', servers]
  expect(await workerCommand.run([...words, '--print'], terminal)).toBe(0)
  const { stdout } = terminal.said
  expect(stdout).toContain('worker api: nothing was started')
  expect(stdout).toContain('"mcp__subagent-mcp__chat"')
  expect(stdout).toContain('You may use these tools only: chat, sync.')
  expect(stdout).not.toContain(token)
  terminal.said.stdout = ''
  await workerCommand.run([...words, '--print', '--json'], terminal)
  expect(JSON.parse(terminal.said.stdout)).toMatchObject({ worker: { name: 'api' }, launch: { name: 'api' } })
  expect(terminal.said.stdout).not.toMatch(/hunter2x9|abcdef12345/)
})

test('options that the CLI does not support are refused immediately', async () => {
  const { terminal } = open()
  const print = (...words: string[]) => workerCommand.run(['--print', ...words], terminal)
  await expect(print('--provider', 'cohere')).rejects.toMatchObject({ code: 'unknown-provider' })
  await expect(print('--provider', 'codex', '--max-turns', '3')).rejects.toThrow(
    'codex cannot limit the number of turns',
  )
})

test('workers that ran are listed, and their logs shown', async () => {
  const { terminal, home } = open()
  expect(await workersStatusCommand.run([], terminal)).toBe(0)
  expect(terminal.said.stderr).toContain('no worker ever ran here')
  const worker = { name: 'api', folder: '/w/api', pid: 2 ** 22 + 1, startTime: '1', since: 1_000, launch: '' }
  const status = { type: 'stopped', since: 2_000 } as const
  claimWorker(workerPath(home, 'api'), worker)(0).save({ status })
  await workersStatusCommand.run([], terminal)
  expect(terminal.said.stdout).toMatch(/^WORKER .*\napi +stopped +- +- +59s +- +0 +0 +\$0\.0000 +\/w\/api\n$/)
  await expect(workersStopCommand.run(['web'], terminal)).rejects.toThrow("no worker 'web' ever ran here")
  expect(await workersStopCommand.run(['api'], terminal)).toBe(0)
  expect(await workersStopCommand.run(['--all'], terminal)).toBe(0)
  expect(terminal.said.stderr).toContain('no worker runs')
  const logs = () => workersLogsCommand.run(['api', '--lines', '2', '--json'], terminal)
  await expect(logs()).rejects.toThrow("there is no log of a worker 'api'")
  const log = openWorkerLog(workerLogPath(home, 'api'), 30)
  for (const word of ['one', 'two', 'three']) log(0, word)
  terminal.said.stdout = ''
  await logs()
  expect(terminal.said.stdout).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","line":"two"}\n{"at":"1970-01-01T00:00:00.000Z","line":"three"}\n',
  )
})

test('a worker tells when it begins to wait and when a turn begins, each once', () => {
  const events: WorkerEvent[] = []
  const memory = { load: () => undefined, save: () => undefined }
  const told = tellStatus({ memory, replica: 2, tell: (event) => events.push(event) })
  const working: WorkerStatus = { type: 'working', since: 2, messages: ['m', 'n'], from: ['me', 'you'] }
  told.save({ status: { type: 'waiting', since: 1 } })
  for (const status of [working, working]) told.save({ status })
  told.save({ status: { type: 'waiting', since: 3 } })
  told.save({ status: { type: 'waiting', since: 3 } })
  const texts = events.map((event) => eventText(event, { name: 'api', replicas: 2 }).slice(9))
  expect(texts).toEqual([
    'api#2: waiting for messages\n',
    'api#2: turn begun for 2 messages from me, you\n',
    'api#2: waiting for messages\n',
  ])
  expect(JSON.parse(eventJson({ type: 'line', replica: 1, line: { at: 5, type: 'stopped' } }))).toEqual({
    ...{ at: 5, type: 'stopped', replica: 1 },
  })
})
