import type { AgentsState } from '@subagent-mcp/core'
import { z } from 'zod'
import { describeInOneLine } from '../answers/describe-agent.js'
import { defineTool } from '../tool.js'
import type { AccountLimit } from '@subagent-mcp/contract'

/** The tool `list_agents`: shows each agent in one line. */
export const listAgentsTool = defineTool({
  name: 'list_agents',
  description: 'One line an agent.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  run: (_input, context) => {
    const agents = context.agents.list()
    const lines = agents.map((agent) => describeInOneLine(agent, context))
    const { supervisor } = context
    const limits = describeLimits(supervisor.state(), supervisor.clock.now())
    if (agents.length === 0) lines.push('no agents yet\nnext: launch_agent')
    return { text: [...lines, ...limits].join('\n'), agents }
  },
})

/** A line with the reported limits of each provider. A provider that reports none has no line: unknown is not full. */
function describeLimits({ accountLimits }: AgentsState, now: number): string[] {
  return [...accountLimits].flatMap(([provider, limits]) => {
    const current = [...limits.values()].filter(({ resetsAt }) => resetsAt === undefined || resetsAt > now)
    return current.length > 0 ? [`limits of ${provider}: ${current.map(describeLimit).join('; ')}`] : []
  })
}

function describeLimit({ name, usedPercent, resetsAt, exhausted }: AccountLimit): string {
  return [
    name,
    usedPercent === undefined ? 'use unknown' : `${Math.round(usedPercent)} % used`,
    ...(exhausted ? ['used up'] : []),
    ...(resetsAt === undefined ? [] : [`resets at ${new Date(resetsAt).toISOString()}`]),
  ].join(', ')
}
