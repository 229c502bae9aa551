import { createManualDriver } from '@subagent-mcp/testkit'
import { pruneAgents, stopAgent, type Fact } from '@subagent-mcp/core'
import { expect, onTestFinished, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'
import { createInMemoryState, type RuntimeState } from '../state/runtime-state.js'

const limits = { budgets: { day: { claude: { tokens: 1_000 } }, reserve: { claude: { seven_day: 30 } } } }

function openStage(state: RuntimeState = createInMemoryState()) {
  const driver = createManualDriver()
  const runtime = createRuntime({ drivers: [driver], state, limits })
  onTestFinished(runtime.close)
  const facts: Fact[] = []
  runtime.supervisor.subscribe((fact) => void facts.push(fact))
  const { port, caller } = runtime.connect({ cwd: '/', environment: {} })
  const launched = async () => {
    const { agent } = await port.agents.launch({
      prompt: 'x',
      provider: 'claude',
      model: 'opus',
      name: 'one',
    })
    const session = driver.sessions.at(-1)
    if (!session) throw new Error('no session was opened')
    await session.open()
    await expect.poll(() => session.sent.length).toBe(1)
    const [turn] = session.sent
    return { id: agent.profile.id, session, turnId: turn?.type === 'prompt' ? turn.turnId : '' }
  }
  return { runtime, facts, caller, launched }
}

test('what turns used is reported, with limits and budgets, and outlives the agent', async () => {
  const { runtime, launched, caller } = openStage()
  const { id, session, turnId } = await launched()
  session.sink({ type: 'usage-reported', turnId, usage: { inputTokens: 90, outputTokens: 10 } })
  const resetsAt = Date.now() + 60_000
  session.sink({
    type: 'limits-reported',
    limits: [{ name: 'seven_day', usedPercent: 40, resetsAt, exhausted: false }],
  })
  expect(runtime.usage({}).groups).toEqual([])
  session.finish()
  const report = runtime.usage({ by: 'model' })
  expect(report.groups).toMatchObject([
    { provider: 'claude', model: 'opus', turns: 1, inputTokens: 90, outputTokens: 10, turnsWithoutCost: 1 },
  ])
  expect(report.groups[0]).not.toHaveProperty('costUsd')
  expect(report.limits).toEqual([
    {
      account: 'claude',
      name: 'seven_day',
      usedPercent: 40,
      resetsAt,
      exhausted: false,
      reservedPercent: 30,
    },
  ])
  expect(report.budgets).toMatchObject([{ account: 'claude', limit: 'tokens', most: 1_000, used: 100 }])
  await stopAgent(runtime.supervisor, caller, id)
  pruneAgents(runtime.supervisor, {})
  expect(runtime.supervisor.state().agents.size).toBe(0)
  expect(runtime.usage({ by: 'agent' }).groups).toMatchObject([{ agentId: id, name: 'one', turns: 1 }])
})

test('a turn that the crash of its runtime ended is counted once by the next one', async () => {
  const state = createInMemoryState()
  const dead = openStage(state)
  await dead.launched()
  const facts = dead.facts.filter((fact) => 'agentId' in fact || 'profile' in fact)
  const recover: RuntimeState['recover'] = (supervisor) => {
    supervisor.adopt(structuredClone(facts))
    return Promise.resolve()
  }
  const { runtime } = openStage({
    ...createInMemoryState(),
    usage: state.usage,
    recover,
    close: () => undefined,
  })
  await runtime.recover()
  await runtime.recover()
  expect(runtime.usage({}).total).toMatchObject({ turns: 1, turnsWithoutTokens: 1 })
  expect(runtime.usage({}).total).not.toHaveProperty('inputTokens')
})
