import { beforeEach, describe, expect, test } from 'vitest'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import type { LaunchRequest } from '../launch/launch-request.js'
import type { SupervisorLimits } from './supervisor-limits.js'
import { shutDownSupervisor } from '../requests/end-agents.js'
import { sendMessage } from '../requests/send-message.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'

let manual: ManualSupervisor

function start(limits: Partial<SupervisorLimits>): void {
  manual = createManualSupervisor({}, limits)
}

/** Launches an agent and opens all sessions; returns the agent's id. */
async function launched(more: Partial<LaunchRequest> = {}): Promise<string> {
  const { agent } = launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, ...more })
  await openAll()
  return agent.profile.id
}

async function openAll(): Promise<void> {
  for (const session of [...manual.driver.sessions, ...manual.codex.sessions]) await session.open()
}

const status = (id: string): string => findAgentByIdOrName(manual.supervisor, id).phase.status
const statuses = (ids: readonly string[]): string[] => ids.map(status)
const codex: Partial<LaunchRequest> = { provider: 'codex', model: 'gpt' }

/** Ends the turn of the driver's nth session, counted from 0, and reports its session id. */
function finish(index: number, driver = manual.driver): void {
  const session = driver.sessions[index]
  session?.sink({ type: 'session-identified', sessionId: `s${index}` })
  session?.finish()
}

describe('turns', () => {
  beforeEach(() => {
    start({ maxTurns: 2 })
  })

  test('wait for room in order, and begin by themselves', async () => {
    const ids = [await launched(), await launched(), await launched(), await launched()]
    expect(statuses(ids)).toEqual(['working', 'working', 'queued', 'queued'])
    finish(0)
    await openAll()
    expect(statuses(ids)).toEqual(['idle', 'working', 'working', 'queued'])
  })

  test('a waiting launch reports its position and the lacking resource', async () => {
    await launched()
    await launched()
    const { waiting } = launchSupervisedAgent(manual.supervisor, 'me', launchRequest)
    expect(waiting).toEqual({ position: 1, lack: '2 turns run (maxTurns 2)' })
    expect(launchSupervisedAgent(manual.supervisor, 'me', launchRequest).waiting?.position).toBe(2)
  })

  test('a launch that does not want to wait is refused', async () => {
    await launched()
    expect(
      codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, queue: false })),
    ).toBe('no error')
    expect(
      codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, queue: false })),
    ).toBe('at-capacity')
    expect(manual.supervisor.state().agents.size).toBe(2)
  })

  test('follow-ups need room too', async () => {
    const first = await launched()
    finish(0)
    const others = [await launched(), await launched()]
    const result = sendMessage(manual.supervisor, { agentId: first, text: 'on', steer: false, caller: 'me' })
    expect(result).toMatchObject({ type: 'started', waiting: { position: 1 } })
    expect(status(first)).toBe('ready')
    finish(1)
    expect(statuses([first, ...others])).toEqual(['working', 'idle', 'working'])
  })

  test('an agent that asks for permission holds no turn, and continues immediately when it is answered', async () => {
    const ids = [await launched(), await launched(), await launched()]
    manual.driver.sessions[0]?.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    await openAll()
    expect(statuses(ids)).toEqual(['waiting-permission', 'working', 'working'])
  })

  test('a quiet turn holds none', async () => {
    start({ maxTurns: 1, quietAfter: 60_000 })
    const ids = [await launched(), await launched()]
    manual.clock.advance(59_000)
    expect(status(ids[1] ?? '')).toBe('queued')
    manual.clock.advance(1_000)
    await openAll()
    expect(statuses(ids)).toEqual(['working', 'working'])
  })

  test('turns are also counted by provider, and no agent waits behind an agent of another provider', async () => {
    start({ maxTurnsPerProvider: 1 })
    const ids = [await launched(), await launched(), await launched(codex), await launched(codex)]
    expect(statuses(ids)).toEqual(['working', 'queued', 'working', 'queued'])
    finish(0, manual.codex)
    await openAll()
    expect(statuses(ids)).toEqual(['working', 'queued', 'idle', 'working'])
  })

  test('turns of other supervisors count', async () => {
    manual.machine.others = { turns: { claude: 1 }, processes: 1 }
    const ids = [await launched(), await launched()]
    expect(statuses(ids)).toEqual(['working', 'queued'])
    manual.machine.others = { turns: {}, processes: 0 }
    manual.clock.advance(1_000)
    await openAll()
    expect(statuses(ids)).toEqual(['working', 'working'])
  })

  test('the own load is published to other supervisors', async () => {
    await launched()
    await launched(codex)
    manual.clock.advance(50)
    expect(manual.machine.published).toEqual({ turns: { claude: 1, codex: 1 }, processes: 2 })
    finish(0)
    manual.clock.advance(50)
    expect(manual.machine.published).toEqual({ turns: { codex: 1 }, processes: 2 })
  })

  test('none begins once everything stops', async () => {
    const first = await launched()
    manual.supervisor.dispatch({ type: 'drain-started', at: manual.clock.now() })
    expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', launchRequest))).toBe('at-capacity')
    sendMessage(manual.supervisor, { agentId: first, text: 'on', steer: false, caller: 'me' })
    finish(0)
    expect(status(first)).toBe('ready')
  })

  test('none begins in the room that others leave when everything ends', async () => {
    const ids = [await launched(), await launched(), await launched()]
    await shutDownSupervisor(manual.supervisor, 1_000)
    expect(statuses(ids)).toEqual(['ended', 'ended', 'ended'])
    expect(manual.driver.sessions).toHaveLength(2)
  })

  test('the next message of an agent waits behind those that have waited longer', async () => {
    start({ maxTurns: 1 })
    const first = await launched()
    const other = await launched()
    sendMessage(manual.supervisor, { agentId: first, text: 'on', steer: false, caller: 'me' })
    finish(0)
    expect(statuses([first, other])).toEqual(['ready', 'opening'])
  })
})

describe('processes', () => {
  beforeEach(() => {
    start({ maxProcesses: 1 })
  })

  test('the longest idle session makes room, and is opened again by a message', async () => {
    start({ maxProcesses: 2 })
    const ids = [await launched(), await launched()]
    finish(0)
    manual.clock.advance(1)
    finish(1)
    ids.push(await launched())
    await openAll()
    expect(statuses(ids)).toEqual(['ended', 'idle', 'working'])
    const [closed = ''] = ids
    const message = { agentId: closed, text: 'again', steer: false, caller: 'me' }
    expect(sendMessage(manual.supervisor, message)).toEqual({ type: 'resumed' })
    expect(statuses(ids)).toEqual(['opening', 'ended', 'working'])
  })

  test('a session that is to stay open makes room only where no other can', async () => {
    start({ maxProcesses: 2 })
    const ids = [await launched({ keepOpen: true }), await launched()]
    finish(0)
    manual.clock.advance(1)
    finish(1)
    ids.push(await launched())
    await openAll()
    expect(statuses(ids)).toEqual(['idle', 'ended', 'working'])
    ids.push(await launched())
    await openAll()
    expect(statuses(ids)).toEqual(['ended', 'ended', 'working', 'working'])
  })

  test('a session whose process others are in is not closed for another', async () => {
    const ids = [await launched(codex), await launched(codex)]
    for (const index of [0, 1]) finish(index, manual.codex)
    ids.push(await launched())
    expect(statuses(ids)).toEqual(['idle', 'idle', 'queued'])
  })

  test('a session that cannot be opened again is not closed for another', async () => {
    const ids = [await launched()]
    manual.driver.sessions[0]?.finish()
    ids.push(await launched())
    expect(statuses(ids)).toEqual(['idle', 'queued'])
  })

  test('sessions that share one count as one', async () => {
    const ids = [await launched(codex), await launched(codex), await launched()]
    expect(statuses(ids)).toEqual(['working', 'working', 'queued'])
  })

  test('none is started without memory; a running one takes more turns', async () => {
    start({ memoryFloor: 500 })
    const first = await launched()
    manual.driver.sessions[0]?.finish()
    manual.machine.freeMemory = 499
    const second = await launched()
    sendMessage(manual.supervisor, { agentId: first, text: 'on', steer: false, caller: 'me' })
    expect(statuses([first, second])).toEqual(['working', 'queued'])
    manual.machine.freeMemory = 500
    manual.clock.advance(1_000)
    expect(status(second)).toBe('opening')
  })

  test('memory is measured for agents without a process, as the load of others is for all', async () => {
    start({})
    const agentId = await launched()
    manual.driver.sessions[0]?.finish()
    manual.machine.freeMemory = 7
    manual.machine.others = { turns: { claude: 1 }, processes: 1 }
    sendMessage(manual.supervisor, { agentId, text: 'on', steer: false, caller: 'me' })
    const { others } = manual.machine
    expect(manual.supervisor.state().machine).toEqual({ freeMemory: 1e12, others })
    await launched()
    expect(manual.supervisor.state().machine).toEqual({ freeMemory: 7, others })
  })
})

describe('runaway launches', () => {
  test('more than a number a minute are refused', () => {
    start({ launchesPerMinute: 2 })
    const act = (): string => codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', launchRequest))
    expect([act(), act(), act()]).toEqual(['no error', 'no error', 'too-many-launches'])
    manual.clock.advance(60_000)
    expect(act()).toBe('no error')
  })

  test('an agent that we launched launches none, unless the depth allows it', () => {
    start({ maxDepth: 2 })
    manual.connect('agent', '/p', 1)
    manual.connect('agent of an agent', '/p', 2)
    const { agent } = launchSupervisedAgent(manual.supervisor, 'agent', launchRequest)
    expect(agent.profile.depth).toBe(2)
    expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'agent of an agent', launchRequest))).toBe(
      'not-supported',
    )
  })
})

test('a session that must stay open is not closed while it is idle', async () => {
  start({ idleCloseAfter: 600_000 })
  const id = await launched({ keepOpen: true })
  finish(0)
  manual.clock.advance(6_000_000)
  expect(status(id)).toBe('idle')
})

test('an idle session is closed after a while, unless it got a message', async () => {
  start({ idleCloseAfter: 600_000 })
  const ids = [await launched(), await launched()]
  finish(0)
  finish(1)
  manual.clock.advance(300_000)
  sendMessage(manual.supervisor, { agentId: ids[1] ?? '', text: 'on', steer: false, caller: 'me' })
  finish(1)
  manual.clock.advance(300_000)
  expect(statuses(ids)).toEqual(['ended', 'idle'])
  manual.clock.advance(300_000)
  expect(statuses(ids)).toEqual(['ended', 'ended'])
})

test('an agent that is idle after each of many turns has one timer', async () => {
  start({ idleCloseAfter: 600_000 })
  const agentId = await launched()
  const timersAfterTurn = (): number => {
    finish(0)
    manual.clock.advance(1_000)
    return manual.clock.timers()
  }
  const first = timersAfterTurn()
  for (let turn = 0; turn < 5; turn += 1) {
    sendMessage(manual.supervisor, { agentId, text: 'on', steer: false, caller: 'me' })
    expect(timersAfterTurn()).toBe(first)
  }
})
