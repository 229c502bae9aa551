import { writeSessionAgentCounts, type SessionAgentCounts } from '@subagent-mcp/orchestration'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, home, project, run, statusLineChunks, useShippedHook } from './shipped-hook.test.support.js'

useShippedHook()

const nothing = { code: 0, stdout: '', stderr: '' }

test('shows the agents of the session, and those that hosts which are gone left in its project', async () => {
  leave({ processes: [process.pid], working: 2 }, { processes: [1], working: 5 }, { asking: 1, finished: 1 })
  const line = { ...nothing, stdout: '2 agents at work · 1 asks · 1 result\n' }
  expect(await show({ cwd: '/elsewhere', workspace: { project_dir: project() } })).toEqual(line)
  expect(await show({ cwd: join(project(), 'deeper') })).toEqual(line)
  // Its own agents are in another project.
  expect((await show({ cwd: folder() })).stdout).toBe('2 agents at work\n')
})

test('shows all agents of the project to a session that is not known', async () => {
  leave({ processes: [1], working: 1 })
  expect((await show({ cwd: project() })).stdout).toBe('1 agent at work\n')
  expect(await show({ cwd: folder() })).toEqual(nothing)
})

test.each([
  ['no JSON', 'no JSON at all'],
  ['no folder', '{}'],
  ['a folder that is gone', '{"cwd":"/gone/for/good"}'],
  ['nothing', ''],
])('shows nothing for %s', async (_, input) => {
  leave({ processes: [1], working: 1 })
  expect(await run(['hook', 'claude', 'status'], input)).toEqual(nothing)
})

test('shows nothing without the file of the daemon, and with one that cannot be read', async () => {
  expect(await show({ cwd: project() })).toEqual(nothing)
  mkdirSync(home(), { recursive: true })
  writeFileSync(join(home(), 'status.json'), '{"version":1,"se')
  expect(await show({ cwd: project() })).toEqual(nothing)
})

test('it loads next to nothing', () => {
  const [statusLine, ...others] = statusLineChunks()
  expect(others).toEqual([])
  expect(statusLine?.imports.toSorted()).toEqual(['node:fs', 'node:os', 'node:path'])
  expect(statusLine?.dynamicImports).toEqual([])
  expect(statusLine?.code.length).toBeLessThan(12_000)
})

function show(input: object) {
  return run(['hook', 'claude', 'status'], JSON.stringify(input))
}

/** Writes the file of the daemon, with sessions of the project. */
function leave(...sessions: readonly Partial<SessionAgentCounts>[]): void {
  const idle = { project: project(), working: 0, asking: 0, finished: 0 }
  writeSessionAgentCounts(
    home(),
    sessions.map((session) => ({ ...idle, ...session })),
  )
}
