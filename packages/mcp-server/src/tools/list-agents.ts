import { readonlyListSchema, looseObjectSchema } from '@subagent-mcp/api'
import { willAgentReportUnprompted, type Agent, type AgentsState } from '@subagent-mcp/core'
import { z } from 'zod'
import { AgentData, toAgentData, SharedEditData, toSharedEditData } from '../answers/agent-data.js'
import { describeAgentInOneLine } from '../answers/describe-agent.js'
import { describeSharedEdits } from '../answers/describe-changes.js'
import { defineMcpTool } from '../mcp-tool.js'
import type { AccountLimit } from '@subagent-mcp/contract'

export const listAgentsTool = defineMcpTool({
  name: 'list_agents',
  title: 'List agents',
  description: 'One line an agent.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  output: looseObjectSchema({
    agents: readonlyListSchema(AgentData),
    limits: readonlyListSchema(
      looseObjectSchema({
        provider: z.string(),
        name: z.string(),
        usedPercent: z.number().exactOptional(),
        resetsAt: z.number().describe('Unix milliseconds').exactOptional(),
        exhausted: z.boolean(),
      }),
    ).describe('of accounts, as far as providers report them'),
    sharedEdits: readonlyListSchema(SharedEditData).exactOptional(),
  }),
  run: (_input, context) => {
    const agents = context.agents.list()
    const lines = agents.map((agent) => describeAgentInOneLine(agent, context))
    const { supervisor } = context
    const shared = context.changes.shared().filter(({ agentIds }) => agentIds.some(isAtWork(agents)))
    const limits = currentLimits(supervisor.state(), supervisor.clock.now())
    if (agents.length === 0) lines.push('no agents yet\nnext: launch_agent')
    return {
      text: [...lines, ...describeSharedEdits(shared), ...limits.map(describeLimits)].join('\n'),
      data: () => ({
        agents: agents.map((agent) => toAgentData(agent, context)),
        ...toSharedEditData(shared),
        limits: limits.flatMap(({ provider, current }) => current.map((limit) => ({ provider, ...limit }))),
      }),
      agents,
    }
  },
})

/** Returns a function that tells whether an id belongs to one of these agents, and the agent runs. */
function isAtWork(agents: readonly Agent[]): (id: string) => boolean {
  return (id) => agents.some((agent) => agent.profile.id === id && willAgentReportUnprompted(agent))
}

type ProviderLimits = { provider: string; current: readonly AccountLimit[] }

/** The usage limits that each provider has reported. A provider without a report is left out, because its limits are unknown. */
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
