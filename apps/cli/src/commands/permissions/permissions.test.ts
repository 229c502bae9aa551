import type { PermissionAuditRecord } from '@subagent-mcp/api'
import { openJournal } from '@subagent-mcp/journal'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containing } from '@subagent-mcp/testkit'
import { useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

test('the log is read without a daemon, and starts none', async () => {
  const { run, home } = theRuntime()
  expect(await run(['permissions', 'log'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'no permission was asked for yet\n',
  })
  const where = { provider: 'claude', cwd: '/p' }
  const call = { requestId: 'r', tool: 'Bash', call: 'Bash {}' }
  const record = { at: 1_000, agentId: 'k3f9', ...where, ...call, event: 'asked' } as const
  keep(join(home, 'ours'), record)
  const { stdout } = await run(['permissions', 'log', '--agent', 'k3f9', '--json'])
  expect(JSON.parse(stdout)).toEqual([record])
  expect((await run(['permissions', 'log', '--agent', 'a1'])).stdout).toBe('')
  expect(() => theRuntime().log()).toThrow('ENOENT')
})

test('a sub-agent may not answer', async () => {
  const { run } = theRuntime()
  expect(await run(['permissions', 'allow', 'k3f9'], { SUBAGENT_MCP_DEPTH: '1' })).toMatchObject({
    code: 1,
    stderr: containing('a sub-agent cannot answer permission requests'),
  })
})

function keep(folder: string, record: PermissionAuditRecord): void {
  mkdirSync(folder, { recursive: true })
  const { at, agentId } = record
  const owner = { kind: 'in-process', version: '1', nonce: 'n', pid: 1, startTime: '-', place: 'p' } as const
  const journal = openJournal({
    path: join(folder, 'journal.db'),
    owner,
    isAlive: () => false,
    onForeign: () => undefined,
    now: () => at,
  })
  journal.append([{ at, type: 'test', agentId, body: {} }], [{ at, agentId, routine: false, body: record }])
  journal.close()
}
