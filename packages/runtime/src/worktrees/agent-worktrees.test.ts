import { createNestingVariables } from '@subagent-mcp/driver-kit'
import {
  checkForLeaks,
  createManualDriver,
  thorough,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Connection } from '../callers/connection.js'
import { createRuntime, type Runtime } from '../create-runtime.js'
import type { WorktreeSetUp } from '@subagent-mcp/worktree'
import type { WorktreeSettings } from './agent-worktrees.js'

checkForLeaks()

let base: string
let repository: string
let driver: ManualDriver
let runtime: Runtime
let host: Connection

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'worktrees-')))
  repository = join(base, 'project')
  mkdirSync(join(repository, 'lib'), { recursive: true })
  writeFileSync(join(repository, 'lib/cart.txt'), 'one\n')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository })
  git('init', '--quiet')
  git('add', '.')
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '--message', 'A cart')
  driver = createManualDriver()
  openRuntime()
})

afterEach(async () => {
  await runtime.close()
  rmSync(base, { recursive: true })
})

function openRuntime(more: Partial<WorktreeSettings> = {}): void {
  const worktrees = { folder: join(base, 'trees'), environment: process.env, ...more }
  runtime = createRuntime({ drivers: [driver], worktrees, limits: { maxDepth: 2 } })
  host = runtime.connect({ cwd: repository, environment: process.env })
}

/** Opens the runtime again with other settings. */
async function reopen(more: Partial<WorktreeSettings>): Promise<void> {
  await runtime.close()
  driver = createManualDriver()
  openRuntime(more)
}

const order = { prompt: 'x', provider: 'claude', permissions: 'accept-edits' } as const

/** Launches an agent whose session opens, and returns both. */
async function launched(more: object = {}) {
  const { agent } = await host.port.agents.launch({ ...order, ...more })
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  // The first turn begins when the files of the folder are kept.
  await expect.poll(() => session.sent.length).toBeGreaterThan(0)
  return { agent, id: agent.profile.id, session }
}

const isolated = { isolation: 'worktree' } as const

/** Reports a call of the agent's that edits a file. */
function edit({ sink, spec }: ManualSession, name: string): void {
  const file_path = join(spec.cwd, name)
  sink({ type: 'tool-started', callId: name, tool: 'Edit', input: { file_path } })
  sink({ type: 'tool-ended', callId: name, failed: false, output: '' })
}

test('an agent works in the same folder of a copy, and its changes are applied to the checkout', async () => {
  const { agent, id, session } = await launched({ ...isolated, cwd: 'lib' })
  const { cwd, source, isolation } = agent.profile
  expect({ source, isolation }).toEqual({ source: join(repository, 'lib'), isolation: 'worktree' })
  expect(session.spec).toMatchObject({ cwd, source })
  expect(cwd.startsWith(join(base, 'trees', id))).toBe(true)
  expect(agent.notes).toEqual([expect.stringContaining(`it works in ${cwd}, a copy of ${repository}`)])
  writeFileSync(join(cwd, 'cart.txt'), 'one\ntwo\n')
  await expect(host.port.changes.act(id, { type: 'apply' })).rejects.toMatchObject({
    code: 'already-running',
  })
  session.finish('done')
  expect(await host.port.changes.counts([agent])).toEqual(new Map([[id, { files: 1, added: 1, removed: 0 }]]))
  await host.port.changes.act(id, { type: 'apply' })
  expect(readFileSync(join(repository, 'lib/cart.txt'), 'utf8')).toBe('one\ntwo\n')
})

test('a refused launch leaves no worktree, and a repeated one makes no second', thorough, async () => {
  await expect(launched({ ...isolated, provider: 'nobody' })).rejects.toMatchObject({
    code: 'unknown-provider',
  })
  expect(await runtime.worktrees.list()).toEqual([])
  const twice = { ...order, ...isolated, requestId: 'r' }
  const [one, other] = await Promise.all([host.port.agents.launch(twice), host.port.agents.launch(twice)])
  expect(other.agent.profile.id).toBe(one.agent.profile.id)
  expect(await runtime.worktrees.list()).toMatchObject([{ id: one.agent.profile.id, state: 'unchanged' }])
})

test(
  'a worktree gets the packages of the checkout once the user has said so, and before that a note how',
  thorough,
  async () => {
    writeFileSync(join(repository, '.gitignore'), 'node_modules\n')
    writeFileSync(join(repository, 'package-lock.json'), '{}')
    // As pnpm links the packages of a workspace.
    mkdirSync(join(repository, 'node_modules/.pnpm/dep@1/node_modules/dep'), { recursive: true })
    writeFileSync(
      join(repository, 'node_modules/.pnpm/dep@1/node_modules/dep/index.js'),
      'module.exports = 1',
    )
    symlinkSync('.pnpm/dep@1/node_modules/dep', join(repository, 'node_modules/dep'))
    const decided: { setUp?: WorktreeSetUp } = {}
    await reopen({ setUpOf: () => decided.setUp })
    const { agent } = await launched(isolated)
    expect(agent.notes.join()).toContain('subagent-mcp worktrees --set-up')
    const requires = (cwd: string) => () =>
      execFileSync(process.execPath, ['-e', 'require("dep")'], { cwd, stdio: 'pipe' })
    expect(requires(agent.profile.cwd)).toThrow("Cannot find module 'dep'")
    decided.setUp = { include: ['node_modules/**'], run: 'cp package-lock.json node_modules/copied' }
    const { agent: other } = await launched(isolated)
    expect(other.notes.join()).not.toContain('--set-up')
    expect(requires(other.profile.cwd)).not.toThrow()
    expect(existsSync(join(other.profile.cwd, 'node_modules/copied'))).toBe(true)
  },
)

test(
  'a set-up that fails refuses the launch with the end of its output, and leaves no worktree',
  thorough,
  async () => {
    await reopen({ setUpOf: () => ({ run: 'echo no network; exit 4' }) })
    await expect(launched(isolated)).rejects.toThrow(
      'the worktree could not be set up: echo no network; exit 4 failed with exit code 4: no network',
    )
    expect(await runtime.worktrees.list()).toEqual([])
  },
)

test(
  'beyond the size of all worktrees a launch is refused, and work that nobody took stays',
  thorough,
  async () => {
    await reopen({ maxGigabytes: 1e-6 })
    const { id, agent, session } = await launched(isolated)
    writeFileSync(join(agent.profile.cwd, 'new.txt'), 'x'.repeat(4096))
    session.finish('done')
    await reopen({ maxGigabytes: 1e-6 })
    await expect(launched(isolated)).rejects.toThrow(new RegExp(`the largest: ${id} \\(.*, changed\\)`))
    expect(await runtime.worktrees.list()).toMatchObject([{ id, state: 'changed' }])
  },
)

test('a folder that has no repository is refused before an agent starts', thorough, async () => {
  await expect(launched({ ...isolated, cwd: base })).rejects.toThrow(base)
  expect(driver.sessions).toEqual([])
})

test('an agent in a copy belongs to the project of the checkout', thorough, async () => {
  const { agent } = await launched(isolated)
  const environment = { ...process.env, ...createNestingVariables({ depth: 1 }) }
  const inside = runtime.connect({ cwd: agent.profile.cwd, environment })
  const { project, folder } = runtime.supervisor.state().callers.get(inside.caller) ?? {}
  expect({ project, folder }).toEqual({ project: repository, folder: agent.profile.cwd })
})

test('a model applies only what it may edit unasked, a person all', thorough, async () => {
  const { agent, id, session } = await launched(isolated)
  mkdirSync(join(agent.profile.cwd, '.vscode'))
  writeFileSync(join(agent.profile.cwd, '.vscode/tasks.json'), '{}\n')
  session.finish('done')
  await expect(host.port.changes.act(id, { type: 'apply' })).rejects.toMatchObject({
    code: 'needs-person',
    hint: `let the user do it: subagent-mcp changes ${id} --apply`,
  })
  expect(existsSync(join(repository, '.vscode'))).toBe(false)
  const person = runtime.connect({ cwd: repository, environment: process.env, terminal: true })
  await person.port.changes.act(id, { type: 'apply' })
  expect(existsSync(join(repository, '.vscode/tasks.json'))).toBe(true)
})

test('discard ends the agent, which then takes no message', thorough, async () => {
  const { id, session } = await launched(isolated)
  session.finish('done')
  expect(await host.port.changes.act(id, { type: 'discard' })).toEqual({ discarded: true })
  expect(readdirSync(join(base, 'trees')).filter((name) => name.startsWith(id))).toEqual([])
  expect(() => host.port.agents.send({ agentId: id, text: 'more', steer: false })).toThrow(
    expect.objectContaining({ code: 'agent-dead' }),
  )
})

test(
  'the default of a project is for agents that may edit, and a launch can escape it',
  thorough,
  async () => {
    await runtime.close()
    openRuntime({ projects: [repository] })
    const sources = await Promise.all(
      [{}, { isolation: 'none' }, { permissions: 'read-only' }].map(
        async (more) => (await launched(more)).agent.profile.source,
      ),
    )
    expect(sources).toEqual([repository, undefined, undefined])
  },
)

test('a launch beside many agents that may edit the folder names ten of them', async () => {
  const others = []
  for (let count = 0; count < 12; count += 1) others.push((await launched()).id)
  const names = [...others.slice(0, 10), '2 more'].join(', ')
  expect((await launched()).agent.notes).toEqual([
    `${names} may edit this folder too; isolation worktree gives an agent a copy`,
  ])
})

test('a launch beside another agent that may edit the folder says so, and edits of both in one file are found', async () => {
  const one = await launched()
  expect(one.agent.notes).toEqual([])
  const reader = await launched({ permissions: 'read-only' })
  expect(reader.agent.notes).toEqual([])
  const other = await launched()
  expect(other.agent.notes).toEqual([
    `${one.id} may edit this folder too; isolation worktree gives an agent a copy`,
  ])
  for (const session of [one.session, reader.session]) edit(session, 'lib/cart.txt')
  one.session.finish('done')
  edit(other.session, 'new.txt')
  const agentIds = [one.id, reader.id]
  expect(host.port.changes.shared()).toEqual([{ path: join(repository, 'lib/cart.txt'), agentIds }])
})
