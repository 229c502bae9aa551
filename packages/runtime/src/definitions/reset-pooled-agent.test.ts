import { launchSupervisedAgent } from '@subagent-mcp/core'
import { strictestCallerPermissions } from '@subagent-mcp/permissions'
import { describe, expect, test } from 'vitest'
import { openServiceStage } from './agent-service.test.support.js'

describe('a reset', () => {
  test('stops the tasks of the agent, and of no other', async () => {
    const { agents, define, driver, supervisor, project } = openServiceStage()
    const authority = strictestCallerPermissions
    supervisor.dispatch({ type: 'caller-connected', at: 0, caller: 'c', project, depth: 0, authority })
    const task = async (name: string): Promise<string> => {
      define(name)
      const { agent } = launchSupervisedAgent(supervisor, 'c', {
        prompt: 'do it',
        ...agents().launchTemplate(name, { cwd: undefined, pooled: true }),
      })
      await driver.sessions.at(-1)?.open()
      return agent.profile.id
    }
    const [a, b] = [await task('a'), await task('b')]
    const working = (): string[] => [...supervisor.state().open.keys()]
    expect(working()).toEqual([a, b])
    expect(await agents().reset('a')).toBe(1)
    expect(working()).toEqual([b])
    expect(driver.sessions.map((session) => session.closed())).toEqual(['kill', undefined])
    expect(
      agents()
        .list()
        .filter(({ builtIn }) => !builtIn)
        .map(({ processes }) => processes.length),
    ).toEqual([0, 1])
  })

  test('of an unknown definition is refused, of an invalid one not', async () => {
    const { agents, define } = openServiceStage()
    define('broken', ['maxTurns: 0'])
    expect(await agents().reset('broken')).toBe(0)
    await expect(agents().reset('nobody')).rejects.toMatchObject({ code: 'unknown-definition' })
  })
})
