import { looseObjectSchema, PermissionAnswerResult } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { formatToolCallWithInput, listOpenQuestions } from '@subagent-mcp/core'
import { z } from 'zod'
import { AskingAgentData, toAskingAgentData } from '../answers/agent-data.js'
import { cutToOneLine } from '../answers/cut-text.js'
import { defineMcpTool } from '../mcp-tool.js'

export const respondPermissionTool = defineMcpTool({
  name: 'respond_permission',
  title: 'Answer permission',
  description: 'Allow or deny a tool call.',
  annotations: { destructiveHint: true },
  input: z.strictObject({
    agent_id: z.string().describe('Id or name'),
    request_id: z.string().optional().describe('Default: the oldest'),
    decision: z.enum(['allow', 'deny']).describe('This call'),
    reason: z.string().optional().describe('Told on deny'),
  }),
  output: looseObjectSchema({ answered: PermissionAnswerResult.shape.answered, agent: AskingAgentData }),
  run: ({ agent_id, request_id, decision, reason }, context) => {
    const { agents, client } = context
    const answered = agents.answer({
      agentId: agent_id,
      decision,
      by: 'tool',
      who: client ?? 'a host without a name',
      ...omitUndefined({ requestId: request_id, reason }),
    })
    const agent = agents.find(agent_id)
    const left = listOpenQuestions(agent).filter(({ humanOnly }) => !humanOnly).length
    const next = left > 0 ? `respond_permission (${left} more)` : 'wait'
    const { requestId, tool } = answered
    return {
      text: `${decision}: ${cutToOneLine(formatToolCallWithInput(answered), 200)}\nnext: ${next}`,
      data: () => ({ answered: { requestId, tool }, agent: toAskingAgentData(agent, context) }),
      agents: [agent],
    }
  },
})
