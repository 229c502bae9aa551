import { connectCaller } from '@subagent-mcp/core'
import { strictestCallerPermissions } from '@subagent-mcp/permissions'
import { containing } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { authority } from '../authority.test.support.js'
import { openServiceStage } from '../definitions/agent-service.test.support.js'
import { disabledWorktrees } from '../worktrees/agent-worktrees.js'
import { createCallerAgents, type CallerAgentsContext } from './caller-agents.js'

const launched = { prompt: 'do it', provider: 'claude' } as const

describe('a launch', () => {
  test('takes onHostExit from its options, else from the kind of its caller', async () => {
    const { use } = openStage()
    const host = use('host')
    const ends = await Promise.all([
      host.launch(launched),
      host.launch({ ...launched, onHostExit: 'keep' }),
      use('request').launch(launched),
      use('worker').launch({ ...launched, onHostExit: 'kill' }),
    ])
    expect(ends.map(({ agent }) => agent.profile.onHostExit)).toEqual(['kill', 'keep', 'keep', 'keep'])
  })

  test('works in the folder of its caller, or in that of its definition', async () => {
    const { use, define, project } = openStage()
    define('reviewer')
    const { agent } = await use('request').launch({ prompt: 'do it', agent: 'reviewer' })
    expect(agent.profile).toMatchObject({ name: 'reviewer', cwd: project })
    const elsewhere = await use('request').launch({ ...launched, cwd: '/tmp' })
    expect(elsewhere.agent.profile.cwd).toBe('/tmp')
  })

  test('with a known request id returns the earlier launch', async () => {
    const host = openStage().use('host')
    const first = await host.launch({ ...launched, requestId: 'one' })
    expect(await host.launch({ ...launched, requestId: 'one' })).toMatchObject({
      repeated: true,
      agent: { profile: { id: first.agent.profile.id } },
    })
  })
})

describe('a schema for answers', () => {
  const outputSchema = { type: 'object', required: ['n'] }
  const wrong = { type: 'objekt' }

  test('that is none is refused before a process starts, in launches, tasks and definitions', async () => {
    const { use, define, driver } = openStage()
    define('reviewer')
    define('typist', ['outputSchema: { type: objekt }'])
    const message = 'output_schema: schema/type must be equal to one of the allowed values'
    const host = use('host')
    const task = { agent: 'reviewer', task: 'look', outputSchema: wrong }
    await expect(host.launch({ ...launched, outputSchema: wrong })).rejects.toThrow(message)
    await expect(host.startTask(task)).rejects.toThrow(message)
    await expect(host.launch({ prompt: 'do it', agent: 'typist' })).rejects.toThrow(message)
    expect(driver.sessions).toEqual([])
  })

  test('of a call replaces that of the definition, and makes another task of it', async () => {
    const { use, define, driver } = openStage()
    define('typist', ['outputSchema: { type: array }'])
    const host = use('host')
    const task = { agent: 'typist', task: 'look' }
    const started = [await host.startTask(task), await host.startTask({ ...task, outputSchema })]
    const schemas = started.map(({ agent }) => agent.profile.outputSchema)
    expect(schemas).toEqual([{ type: 'array' }, outputSchema])
    expect((await host.startTask({ ...task, outputSchema })).repeated).toBe(true)
    for (const session of driver.sessions) await session.open()
  })
})

describe('a launch with changes', () => {
  test('sends the diff after the prompt; a repeated one is the earlier launch, though the diff is another', async () => {
    const { use, driver, project } = openStage()
    const host = use('host')
    execFileSync('git', ['init', '--quiet'], { cwd: project })
    writeFileSync(join(project, 'a.txt'), 'one\n')
    const order = { ...launched, changes: 'uncommitted', requestId: 'one' }
    const { agent } = await host.launch(order)
    const session = driver.sessions.at(-1)
    await session?.open()
    expect(session?.sent).toMatchObject([{ type: 'prompt', text: containing('do it\n\nThe uncommitted ') }])
    expect(session?.sent).toMatchObject([{ text: containing('+one') }])
    rmSync(join(project, 'a.txt'))
    expect(await host.launch(order)).toMatchObject({
      ...{ repeated: true, agent: { profile: { id: agent.profile.id } } },
    })
  })

  test('is refused without changes, before a process starts', async () => {
    const { use, driver, project } = openStage()
    execFileSync('git', ['init', '--quiet'], { cwd: project })
    const order = { ...launched, changes: 'staged' }
    await expect(use('host').launch(order)).rejects.toThrow(
      `changes: there are no staged changes in ${project}`,
    )
    expect(driver.sessions).toEqual([])
  })
})

test('a sub-agent cannot find, message, answer or kill an agent of another caller', async () => {
  const { use } = openStage()
  const { agent } = await use('host').launch(launched)
  const { id } = agent.profile
  const inside = use('host', 1)
  const unknown: unknown = expect.objectContaining({ code: 'unknown-agent' })
  expect(() => inside.find(id)).toThrow(unknown)
  expect(inside.list()).toEqual([])
  expect(() => inside.send({ agentId: id, text: 'x', steer: false })).toThrow(unknown)
  expect(() => inside.answer({ agentId: id, decision: 'deny', by: 'tool', who: 'x' })).toThrow(unknown)
  expect(() => inside.kill(id)).toThrow(unknown)
})

describe('a task', () => {
  test('that a host repeats is the running one; each HTTP request has its own', async () => {
    const { use, define, driver } = openStage()
    define('reviewer')
    const task = { agent: 'reviewer', task: 'look' }
    const repeated = async (kind: CallerAgentsContext['kind']): Promise<boolean[]> => {
      const agents = use(kind)
      const started = await Promise.all([agents.startTask(task), agents.startTask(task)])
      return started.map((result) => result.repeated)
    }
    expect([await repeated('request'), await repeated('host')]).toEqual([
      [false, false],
      [false, true],
    ])
    for (const session of driver.sessions) await session.open()
  })

  test('has the time limit of its call, else that of its definition', async () => {
    const { use, define, driver } = openStage()
    define('reviewer')
    const agents = use('request')
    const [own, other] = await Promise.all(
      [{}, { timeoutMs: 5 }].map((limit) => agents.startTask({ agent: 'reviewer', task: 'look', ...limit })),
    )
    expect([own?.agent.profile.pool?.timeoutMs, other?.agent.profile.pool?.timeoutMs]).toEqual([300_000, 5])
    for (const session of driver.sessions) await session.open()
  })

  test('continues when its permission request is withdrawn before the caller has it', async () => {
    const { use, define, driver } = openStage()
    define('reviewer')
    const agents = use('host')
    const { id } = (await agents.startTask({ agent: 'reviewer', task: 'look' })).agent.profile
    const session = driver.sessions.at(-1)
    await session?.open()
    const result = agents.taskResult(id, { signal: new AbortController().signal })
    session?.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: {} })
    session?.sink({ type: 'approval-withdrawn', requestId: 'r' })
    await new Promise(setImmediate)
    session?.finish('done')
    expect(await result).toMatchObject({ type: 'over', news: { reports: [{ type: 'turn' }] } })
  })
})

/** Creates callers of each kind over one supervisor; `depth` counts the agent sessions that a caller runs inside. */
function openStage() {
  const stage = openServiceStage()
  let count = 0
  const use = (kind: CallerAgentsContext['kind'], depth = 0) => {
    const caller = `caller-${(count += 1)}`
    const rights = depth === 0 ? authority('accept-edits') : strictestCallerPermissions
    connectCaller(stage.supervisor, { caller, project: stage.project, depth, authority: rights })
    return createCallerAgents({
      ...{ supervisor: stage.supervisor, caller, kind, onHostExit: 'kill', worktrees: disabledWorktrees },
      definitions: stage.agents({ caller, depth, authority: rights }),
      folderOf: (path) => path ?? stage.project,
    })
  }
  return { ...stage, use }
}
