import { claimWorkerName, getWorkerLogPath, getWorkerStatePath } from '@subagent-mcp/runtime/worker-files'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTestTerminal, type TestTerminal } from '../../terminal/terminal.test.support.js'
import { workersLogsCommand } from '../workers/logs.js'
import { workersStatusCommand } from '../workers/status.js'
import { workersStopCommand } from '../workers/stop.js'
import { workerCommand } from './worker.js'

function open(): { terminal: TestTerminal; home: string } {
  const home = mkdtempSync(join(tmpdir(), 'worker-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true })
  })
  const terminal = createTestTerminal({ cwd: join(home, 'api'), now: () => 60_000 })
  mkdirSync(terminal.cwd)
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
  const workers = join(home, 'workers')
  expect(await workersStatusCommand.run([], terminal)).toBe(0)
  expect(terminal.said.stderr).toContain('no worker ever ran here')
  const worker = { name: 'api', folder: '/w/api', pid: 2 ** 22 + 1, startTime: '1', since: 1_000, launch: '' }
  const status = { type: 'stopped', since: 2_000 } as const
  await claimWorkerName(getWorkerStatePath(workers, 'api'), worker)(0).save({ status })
  await workersStatusCommand.run([], terminal)
  expect(terminal.said.stdout).toMatch(/^WORKER .*\napi +stopped +- +59s +- +0 +0 +\$0\.0000 +\/w\/api\n$/)
  await expect(workersStopCommand.run(['web'], terminal)).rejects.toThrow("no worker 'web' ever ran here")
  expect(await workersStopCommand.run(['api'], terminal)).toBe(0)
  expect(await workersStopCommand.run(['--all'], terminal)).toBe(0)
  expect(terminal.said.stderr).toContain('no worker runs')
  const logs = () => workersLogsCommand.run(['api', '--lines', '2', '--json'], terminal)
  await expect(logs()).rejects.toThrow("there is no log of a worker 'api'")
  const line = (word: string): string => `1970-01-01T00:00:00.000Z ${word}\n`
  writeFileSync(`${getWorkerLogPath(workers, 'api')}.1`, line('one') + line('two'))
  writeFileSync(getWorkerLogPath(workers, 'api'), line('three'))
  terminal.said.stdout = ''
  await logs()
  expect(terminal.said.stdout).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","line":"two"}\n{"at":"1970-01-01T00:00:00.000Z","line":"three"}\n',
  )
})

test('whether the worker may read its folder is asked only where the answer can be yes', async () => {
  const { terminal, home } = open()
  const questions: string[] = []
  terminal.ask = (question) => {
    questions.push(question)
    throw new Error('asked')
  }
  const asks = async (...words: string[]): Promise<boolean> => {
    questions.length = 0
    // The environment has no daemon that could be started.
    await workerCommand.run([...words, '--detach'], terminal).catch(() => undefined)
    return questions.length > 0
  }
  terminal.environment = { ...terminal.environment, SUBAGENT_MCP_HOME: join(home, 'x'.repeat(200)) }
  expect(await asks('--provider', 'claude')).toBe(true)
  expect(questions[0]).toMatch(/^May the worker read the files in .*api\? /)
  for (const words of [['--read-folder'], ['--no-read-folder'], ['--allowed-tools', 'chat']])
    expect([words, await asks('--provider', 'claude', ...words)]).toEqual([words, false])
  expect(await asks()).toBe(false)
  mkdirSync(terminal.environment['SUBAGENT_MCP_HOME'] ?? '', { recursive: true })
  const nats = '{"mailbox": {"url": "nats://127.0.0.1:1"}}'
  writeFileSync(join(terminal.environment['SUBAGENT_MCP_HOME'] ?? '', 'config.jsonc'), nats)
  expect(await asks('--provider', 'claude')).toBe(false)
})
