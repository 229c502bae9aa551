import { changeCountShape, looseObjectSchema } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { findAgentFailure, computeSecondsSinceActivity, getAgentTurnNumber } from '@subagent-mcp/core'
import { z } from 'zod'
import { AskingAgentData, toAskingAgentData, FailureData, toFailureData } from '../answers/agent-data.js'
import { describeAgent, readNewestAgentText } from '../answers/describe-agent.js'
import { readReportedChanges } from '../answers/describe-changes.js'
import { defineMcpTool } from '../mcp-tool.js'

export const pollAgentTool = defineMcpTool({
  name: 'poll_agent',
  title: 'Look at agent',
  description: 'Status and latest stream items. For results: wait.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({
    agent_id: z.string().describe('Id or name'),
    verbose: z.boolean().optional().describe('Whole answer'),
  }),
  output: looseObjectSchema({
    agent: AskingAgentData,
    turn: z.number(),
    idleSeconds: z.number(),
    answer: z.string().describe('what it said in its newest turn'),
    failure: FailureData.exactOptional(),
    changes: looseObjectSchema(changeCountShape).describe('in its worktree, not applied').exactOptional(),
  }),
  run: async ({ agent_id, verbose = false }, context) => {
    const agent = context.agents.find(agent_id)
    const changes = await readReportedChanges(context.changes, [agent])
    const style = { ...context, verbose }
    return {
      text: describeAgent(agent, { ...style, changes }),
      data: () => ({
        agent: toAskingAgentData(agent, context),
        turn: getAgentTurnNumber(agent),
        idleSeconds: computeSecondsSinceActivity(agent, context.supervisor.clock.now()),
        answer: readNewestAgentText(agent, style),
        ...toFailureData(findAgentFailure(agent)),
        ...omitUndefined({ changes: changes.counts.get(agent.profile.id) }),
      }),
      agents: [agent],
    }
  },
})
