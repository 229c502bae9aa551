import { createManualDriver, makeTemporaryFolder, thorough } from '@subagent-mcp/testkit'
import { pruneAgents, stopAgent, type Fact } from '@subagent-mcp/core'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'

/** A repository in a temporary folder, and runtimes whose agents edit it directly. */
function openStage() {
  const base = makeTemporaryFolder()
  const repository = join(base, 'project')
  mkdirSync(repository)
  const write = (name: string, text: string): void => writeFileSync(join(repository, name), text)
  const read = (name: string): string => readFileSync(join(repository, name), 'utf8')
  write('a.txt', 'one\n')
  write('b.txt', 'two\n')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository })
  git('init', '--quiet')
  git('add', '.')
  git('-c', 'user.name=Ada', '-c', 'user.email=a@example.org', 'commit', '--quiet', '--message', 'A')
  const logged: string[] = []
  const start = () => {
    const driver = createManualDriver()
    const worktrees = { folder: join(base, 'trees'), environment: process.env }
    const runtime = createRuntime({
      drivers: [driver],
      worktrees,
      log: (line) => logged.push(line),
    })
    const host = runtime.connect({ cwd: repository, environment: process.env })
    return { driver, runtime, host }
  }
  return { base, write, read, start, logged }
}

type Stage = ReturnType<ReturnType<typeof openStage>['start']>

/** Launches an agent that may edit, whose first turn has begun. */
async function launched({ driver, host }: Stage) {
  const { agent } = await host.port.agents.launch({
    ...{ prompt: 'x', provider: 'claude', permissions: 'accept-edits' },
  })
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  await expect.poll(() => session.sent.length).toBe(1)
  return { id: agent.profile.id, session }
}

test('edits of the user between two turns stay, and a deleted agent leaves nothing', thorough, async () => {
  const { base, write, read, start } = openStage()
  const stage = start()
  const { port } = stage.host
  const { id, session } = await launched(stage)
  write('a.txt', 'agent\n')
  await expect(port.changes.act(id, { type: 'undo' })).rejects.toMatchObject({ code: 'already-running' })
  session.finish()
  // It answers once the files of the ended turn are noted.
  expect((await port.changes.show(id)).files).toMatchObject([{ path: 'a.txt' }])
  write('b.txt', 'user\n')
  port.agents.send({ agentId: id, text: 'more', steer: false })
  // The message waits until the files are compared.
  expect(session.sent.length).toBe(1)
  await expect.poll(() => session.sent.length).toBe(2)
  write('c.txt', 'agent\n')
  session.finish()
  expect((await port.changes.show(id)).files.map(({ path }) => path)).toEqual(['a.txt', 'c.txt'])
  await expect(port.changes.act(id, { type: 'apply' })).rejects.toThrow(/has no worktree/)
  await port.changes.act(id, { type: 'undo' })
  expect([read('a.txt'), read('b.txt')]).toEqual(['one\n', 'user\n'])
  await stopAgent(stage.runtime.supervisor, stage.host.caller, id)
  pruneAgents(stage.runtime.supervisor, {})
  await expect.poll(() => readdirSync(join(base, 'trees/.states')).filter(isNoLock)).toEqual([])
  await stage.runtime.close()
})

test('edits after a turn that a dead runtime left are not of the agent', thorough, async () => {
  const { write, start } = openStage()
  const dead = start()
  const facts: Fact[] = []
  dead.runtime.supervisor.subscribe((fact) => void facts.push(fact))
  const { id } = await launched(dead)
  write('a.txt', 'agent\n')
  const next = start()
  next.runtime.supervisor.adopt(facts)
  await next.host.port.changes.show(id)
  write('b.txt', 'user\n')
  expect((await next.host.port.changes.show(id)).files).toMatchObject([{ path: 'a.txt' }])
  await Promise.all([dead.runtime.close(), next.runtime.close()])
})

test('a model undoes only what it may edit unasked, and learns how the user can', thorough, async () => {
  const { base, write, start } = openStage()
  const stage = start()
  const { id, session } = await launched(stage)
  mkdirSync(join(base, 'project/.vscode'))
  write('.vscode/tasks.json', '{}\n')
  session.finish()
  await expect(stage.host.port.changes.act(id, { type: 'undo' })).rejects.toMatchObject({
    code: 'needs-person',
    hint: `let the user do it: subagent-mcp changes ${id} --undo`,
  })
  await stage.runtime.close()
})

test('an agent works also where nothing can be kept, and changes give the reason', thorough, async () => {
  const { base, start, logged } = openStage()
  writeFileSync(join(base, 'trees'), 'a file where the folder should be')
  const stage = start()
  const { id, session } = await launched(stage)
  session.finish()
  await expect(stage.host.port.changes.show(id)).rejects.toThrow(/are not kept: .*trees/)
  expect(logged).toContainEqual(expect.stringMatching(/^cannot recover worktrees: .*trees/))
  await stage.runtime.close()
})

const isNoLock = (name: string): boolean => !name.startsWith('.lock.')
