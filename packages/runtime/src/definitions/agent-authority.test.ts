import { permissionPresets, type PermissionPreset } from '@subagent-mcp/contract'
import {
  getAgentAuthority,
  findAgentByIdOrName,
  launchSupervisedAgent,
  defaultSupervisorLimits,
} from '@subagent-mcp/core'
import {
  encodeCallerPermissions,
  decodeCallerPermissions,
  type CallerPermissions,
  areCallerPermissionsWithin,
} from '@subagent-mcp/permissions'
import { describe, expect, test } from 'vitest'
import { authority } from '../authority.test.support.js'
import { containing } from '@subagent-mcp/testkit'
import { openServiceStage, type ServiceStage } from './agent-service.test.support.js'

const asked = { cwd: undefined, pooled: false }

describe('the permission rules of a definition', () => {
  test('restrict the agent, whose allow rules come from the caller', () => {
    const { agents, define } = openServiceStage()
    define('a', ['deny: Bash(git push:*), WebFetch', 'ask: [Edit(docs/**)]'])
    const caller = authority('accept-edits', { deny: ['Bash(sudo:*)'], allow: ['Bash(make:*)'] })
    expect(agents({ authority: caller }).launchTemplate('a', asked).template.authority).toEqual(
      authority('ask', {
        deny: ['Bash(git push:*)', 'WebFetch'],
        ask: ['Edit(docs/**)'],
        allow: ['Bash(make:*)'],
      }),
    )
  })

  test('are reported with their line when invalid, and nothing is launched', () => {
    const { agents, define } = openServiceStage()
    const path = define('a', ['ask: [Bash]', 'deny: [rm -rf]'])
    const message = `${path}:5: deny: 'rm -rf' is no rule: write a tool, or a tool and what of it, as `
    const error = { code: 'definition-invalid', message: containing(message) }
    expect(() => agents().launchTemplate('a', asked)).toThrow(expect.objectContaining(error))
  })
})

describe('an agent of a definition', () => {
  type House = ServiceStage & { launched(caller: CallerPermissions, depth: number): CallerPermissions }

  const houseWith = (lines: readonly string[]): House => {
    const house = openServiceStage({
      bypassPermissions: ['a'],
      limits: { ...defaultSupervisorLimits, maxDepth: 2 },
    })
    const head = ['---', 'name: a', 'description: x', ...lines, '---', 'x']
    house.write('../home/.subagent-mcp/agents/a.md', head)
    const { supervisor, project } = house
    const launched = (ceiling: CallerPermissions, depth: number): CallerPermissions => {
      const caller = `c${depth}`
      const context = { caller, depth, authority: ceiling }
      supervisor.dispatch({ type: 'caller-connected', at: 0, project, folder: project, ...context })
      const order = {
        prompt: 'do it',
        ...house.agents(context).launchTemplate('a', { ...asked, pooled: true }),
      }
      const { agent } = launchSupervisedAgent(supervisor, caller, order)
      return getAgentAuthority(findAgentByIdOrName(supervisor, agent.profile.id).profile)
    }
    return { ...house, launched }
  }
  const pairs = permissionPresets.flatMap((preset) =>
    permissionPresets.map((mode) => [preset, mode] as const),
  )

  test.each(pairs)('of a caller with %s that asks for %s gets no more', async (preset, mode) => {
    const { launched, driver } = houseWith([`permissionMode: ${mode}`, 'deny: [WebFetch]'])
    const rules = { deny: ['Bash(sudo:*)'], allow: ['Bash(make:*)'] }
    const caller = authority(preset, rules)
    const given = launched(caller, 1)
    expect(areCallerPermissionsWithin(caller, given)).toBe(true)
    expect(given.rules).toEqual(authority(preset, { ...rules, deny: ['Bash(sudo:*)', 'WebFetch'] }).rules)
    // The process that the pool makes for it, too.
    const [session] = driver.sessions
    expect(session?.spec).toMatchObject({ permissions: given.preset, asksAll: true })
    expect(encodeCallerPermissions(decodeCallerPermissions(session?.spec.ceiling ?? '') ?? caller)).toBe(
      encodeCallerPermissions(given),
    )
    await session?.open()
  })

  test.each<[number, PermissionPreset]>([
    [0, 'full-auto'],
    [1, 'accept-edits'],
  ])('that the user lists in bypassPermissions, launched at depth %d, has %s', async (depth, preset) => {
    const { launched, driver } = houseWith(['permissionMode: full-auto'])
    expect(launched(authority('accept-edits'), depth)).toEqual(authority(preset))
    await driver.sessions[0]?.open()
  })
})
