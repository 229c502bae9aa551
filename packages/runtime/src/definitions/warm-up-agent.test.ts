import { defaultSupervisorLimits } from '@subagent-mcp/core'
import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CallerDefinitions } from './agent-service.js'
import { openServiceStage } from './agent-service.test.support.js'
import { containing, matching } from '@subagent-mcp/testkit'

/** The listed agents that are not built in. */
const ownOf = (agents: CallerDefinitions): unknown[] => agents.list().filter(({ builtIn }) => !builtIn)

describe('a pooled process', () => {
  const warmth = (): { cwd: undefined; cache: boolean; signal: AbortSignal } => ({
    cwd: undefined,
    cache: false,
    signal: new AbortController().signal,
  })

  test('is warmed, listed and reset', async () => {
    const house = openServiceStage({
      limits: { ...defaultSupervisorLimits, maxDepth: 3 },
      variables: { '.subagent-mcp/agents/a.md': ['MINE'] },
    })
    const { agents, define, driver, environment, project } = house
    const path = define('a', ['env: [MINE]'])
    const broken = define('broken', ['maxTurns: 0'])
    const desk = agents({ environment: { ...environment, MINE: '1', OTHER: '2' }, depth: 2 })
    const warming = desk.warm('a', warmth())
    const [session] = driver.sessions
    expect(session?.spec).toMatchObject({
      cwd: project,
      environment: { ...environment, MINE: '1' },
      ephemeral: true,
      depth: 3,
      permissions: 'ask',
      appendSystemPrompt: containing('You are a.'),
    })
    expect(session?.spec.environment).not.toHaveProperty('OTHER')
    await session?.open()
    expect(await warming).toMatchObject({ agent: 'a', project, status: 'warm' })
    expect(ownOf(desk)).toEqual([
      {
        ...{ name: 'a', description: 'what a does', provider: 'claude', path },
        processes: [expect.objectContaining({ agent: 'a', status: 'warm' })],
        figures: { tasks: 0, usage: {}, processes: 1 },
      },
      {
        ...{ name: 'broken', description: '', provider: '', path: broken },
        problem: matching(/:4: maxTurns: .*\(maxTurns takes /),
        processes: [],
        figures: { tasks: 0, usage: {}, processes: 0 },
      },
    ])
    await expect(desk.reset('a')).rejects.toMatchObject({ code: 'not-supported' })
    expect(await agents().reset('a')).toBe(1)
    expect(desk.list()[0]?.processes).toEqual([])
  })

  test('that is warm needs no room; another does', async () => {
    const house = openServiceStage({ limits: { ...defaultSupervisorLimits, maxProcesses: 1 } })
    house.define('a')
    house.define('b')
    const warming = house.agents().warm('a', warmth())
    await house.driver.sessions[0]?.open()
    const { pid: _, ...warm } = await warming
    expect(await house.agents().warm('a', warmth())).toMatchObject(warm)
    await expect(house.agents().warm('b', warmth())).rejects.toMatchObject({ code: 'at-capacity' })
    expect(house.driver.sessions).toHaveLength(1)
  })

  test.each([
    ['not-installed', 'not-installed'],
    ['bad-request', 'not-supported'],
    ['crashed', 'no-candidate'],
  ] as const)('that fails as %s is reported as %s', async (reason, code) => {
    const { agents, define, driver } = openServiceStage()
    define('a')
    const words = { message: 'it did not', hint: 'do this' }
    const told = expect(agents().warm('a', warmth())).rejects.toMatchObject({ code, ...words })
    await driver.sessions[0]?.open({ type: 'failed', failure: { reason, ...words } })
    await told
  })

  test('is not started by an agent at the depth limit', async () => {
    const { agents, define, driver } = openServiceStage({
      limits: { ...defaultSupervisorLimits, maxDepth: 1 },
    })
    define('a')
    await expect(agents({ depth: 1 }).warm('a', warmth())).rejects.toMatchObject({ code: 'not-supported' })
    expect(driver.sessions).toEqual([])
  })

  test('is listed after its file is gone', async () => {
    const { agents, define, driver } = openServiceStage()
    const path = define('a')
    const warming = agents().warm('a', warmth())
    await driver.sessions[0]?.open()
    await warming
    rmSync(path)
    expect(ownOf(agents())).toMatchObject([
      { name: 'a', problem: containing('its file is gone'), processes: [{ status: 'warm' }] },
    ])
    expect(await agents().reset('a')).toBe(1)
    expect(ownOf(agents())).toEqual([])
  })

  test('whose CLI is missing or not signed in is not started', async () => {
    const { agents, define, driver } = openServiceStage()
    define('a')
    driver.preflightFailure = { reason: 'not-signed-in', message: 'sign in' }
    await expect(agents().warm('a', warmth())).rejects.toMatchObject({ code: 'not-signed-in' })
    expect(driver.sessions).toEqual([])
  })
})
