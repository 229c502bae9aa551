import { SubagentError } from '@subagent-mcp/contract'
import { beforeEach, describe, expect, test } from 'vitest'
import { noPermissionRules } from '@subagent-mcp/permissions'
import {
  createManualSupervisor,
  launchRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { findAgentOfCaller, listAgentsOfCaller } from './agents-of-caller.js'
import { computeWaitOutcome } from '../requests/agent-wait-outcome.js'

let manual: ManualSupervisor

beforeEach(() => {
  manual = createManualSupervisor({}, { maxDepth: 5 })
  manual.connect('agent', '/p', 1)
})

describe('an agent that is a caller', () => {
  test('an agent has only the agents that it launched; a host has all agents', async () => {
    const { id } = await manual.launched()
    const { id: child } = await manual.launched('agent')
    const { supervisor } = manual
    const idsOf = (caller: string): string[] =>
      listAgentsOfCaller(supervisor.state(), caller).map(({ profile }) => profile.id)
    expect([idsOf('me'), idsOf('agent'), idsOf('nobody')]).toEqual([[id, child], [child], []])
    expect(findAgentOfCaller(supervisor, 'me', child).profile.id).toBe(child)
    expect(findAgentOfCaller(supervisor, 'agent', child).profile.id).toBe(child)
    expect(errorOf(() => findAgentOfCaller(supervisor, 'agent', id))).toEqual([
      'unknown-agent',
      `agents are ${child}`,
    ])
    expect(errorOf(() => findAgentOfCaller(supervisor, 'nobody', id))).toEqual([
      'unknown-agent',
      'none has been launched: launch_agent',
    ])
  })

  test('has its agents again over another connection, by its process or by the session in it', async () => {
    const { supervisor, driver } = manual
    const connect = (caller: string, process: object, depth = 1): void => {
      const place = {
        project: '/p',
        depth,
        authority: { preset: 'ask', rules: noPermissionRules },
        folder: '/p',
      } as const
      supervisor.dispatch({ type: 'caller-connected', at: 0, caller, ...place, ...process })
    }
    const { agent } = launchSupervisedAgent(supervisor, 'me', launchRequest)
    const session = { send: () => undefined, close: () => Promise.resolve() }
    await driver.sessions.at(-1)?.open({ type: 'opened', session, pid: 7 })
    const { id: other } = await manual.launched()
    connect('first', { process: { mark: 'd.1', pid: 7 } })
    const { id: child } = await manual.launched('first')
    connect('below', { process: { mark: 'd.3' } }, 2)
    supervisor.dispatch({ type: 'caller-disconnected', at: 0, caller: 'first' })
    const idsOf = (caller: string): string[] =>
      listAgentsOfCaller(supervisor.state(), caller).map(({ profile }) => profile.id)
    for (const [process, expected] of [
      [{ mark: 'd.1' }, [child]],
      [{ mark: 'd.2', pid: 7 }, [child]],
      [{ mark: 'd.2', pid: 8 }, []],
      [{ mark: 'd.2' }, []],
    ] as const) {
      connect('again', { process })
      expect([process, idsOf('again')]).toEqual([process, expected])
    }
    // Told again after a restart: from the facts alone.
    expect(supervisor.state().agents.get(child)?.profile.origin).toEqual(['d.1', agent.profile.id])
    expect(idsOf('me')).toEqual([agent.profile.id, other, child])
  })

  test('waits for nothing that is not its own, also by its id, and also when its host is gone', async () => {
    const { id, session } = await manual.launched()
    session.finish('for the host alone')
    const looks = (): unknown[] =>
      [{ agentIds: [id] }, {}].map((ids) =>
        computeWaitOutcome(manual.supervisor.state(), { caller: 'agent', until: 'any', ...ids }),
      )
    const nothing = { done: true, news: [], known: [], running: [] }
    expect(looks()).toEqual([nothing, nothing])
    manual.supervisor.dispatch({ type: 'caller-disconnected', at: 0, caller: 'me' })
    expect(looks()).toEqual([nothing, nothing])
  })
})

function errorOf(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error instanceof SubagentError ? [error.code, error.hint] : error
  }
}
