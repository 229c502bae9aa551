import { listOf, looseObject } from '@subagent-mcp/api'
import { isRunning, type Agent, type AgentsState } from '@subagent-mcp/core'
import { z } from 'zod'
import { AgentData, agentData, SharedEditData, sharedData } from '../answers/agent-data.js'
import { describeInOneLine } from '../answers/describe-agent.js'
import { describeShared } from '../answers/describe-changes.js'
import { defineTool } from '../tool.js'
import type { AccountLimit } from '@subagent-mcp/contract'

/** The tool `list_agents`: shows each agent in one line. */
export const listAgentsTool = defineTool({
  name: 'list_agents',
  title: 'List agents',
  description: 'One line an agent.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  output: looseObject({
    agents: listOf(AgentData),
    limits: listOf(
      looseObject({
        provider: z.string(),
        name: z.string(),
        usedPercent: z.number().exactOptional(),
        resetsAt: z.number().describe('Unix milliseconds').exactOptional(),
        exhausted: z.boolean(),
      }),
    ).describe('of accounts, as far as providers report them'),
    sharedEdits: listOf(SharedEditData).exactOptional(),
  }),
  run: (_input, context) => {
    const agents = context.agents.list()
    const lines = agents.map((agent) => describeInOneLine(agent, context))
    const { supervisor } = context
    const shared = context.changes.shared().filter(({ agentIds }) => agentIds.some(isAtWork(agents)))
    const limits = currentLimits(supervisor.state(), supervisor.clock.now())
    if (agents.length === 0) lines.push('no agents yet\nnext: launch_agent')
    return {
      text: [...lines, ...describeShared(shared), ...limits.map(describeLimits)].join('\n'),
      data: () => ({
        agents: agents.map((agent) => agentData(agent, context)),
        ...sharedData(shared),
        limits: limits.flatMap(({ provider, current }) => current.map((limit) => ({ provider, ...limit }))),
      }),
      agents,
    }
  },
})

/** Whether the agent of an id is one of these and runs. */
function isAtWork(agents: readonly Agent[]): (id: string) => boolean {
  return (id) => agents.some((agent) => agent.profile.id === id && isRunning(agent))
}

type ProviderLimits = { provider: string; current: readonly AccountLimit[] }

/** The reported limits of each provider. A provider that reports no limits is left out, because its limits are unknown. */
function currentLimits({ accountLimits }: AgentsState, now: number): ProviderLimits[] {
  return [...accountLimits].flatMap(([provider, limits]) => {
    const current = [...limits.values()].filter(({ resetsAt }) => resetsAt === undefined || resetsAt > now)
    return current.length > 0 ? [{ provider, current }] : []
  })
}

function describeLimits({ provider, current }: ProviderLimits): string {
  return `limits of ${provider}: ${current.map(describeLimit).join('; ')}`
}

function describeLimit({ name, usedPercent, resetsAt, exhausted }: AccountLimit): string {
  return [
    name,
    usedPercent === undefined ? 'use unknown' : `${Math.round(usedPercent)} % used`,
    ...(exhausted ? ['used up'] : []),
    ...(resetsAt === undefined ? [] : [`resets at ${new Date(resetsAt).toISOString()}`]),
  ].join(', ')
}
