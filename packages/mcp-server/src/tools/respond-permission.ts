import { answerPermission, describeCall, findAgent, pendingApprovals } from '@subagent-mcp/core'
import { z } from 'zod'
import { firstLine } from '../cut-text.js'
import { defineTool } from '../tool.js'

/** Answers a tool call that waits for permission. */
export const respondPermission = defineTool({
  name: 'respond_permission',
  description: "Allow or deny an agent's tool call.",
  annotations: { destructiveHint: true },
  input: z.strictObject({
    agent_id: z.string(),
    request_id: z.string().optional().describe('Default: the oldest'),
    decision: z.enum(['allow', 'deny']),
    reason: z.string().optional().describe('Told to the agent on deny'),
  }),
  run: ({ agent_id, request_id, decision, reason }, { supervisor }) => {
    const answered = answerPermission(supervisor, {
      agentId: agent_id,
      decision,
      ...(request_id !== undefined && { requestId: request_id }),
      ...(reason !== undefined && { reason }),
    })
    const agent = findAgent(supervisor, agent_id)
    const left = pendingApprovals(agent).length
    const next = left > 0 ? `respond_permission (${left} more)` : 'wait'
    return { text: `${decision}: ${firstLine(describeCall(answered), 200)}\nnext: ${next}`, agents: [agent] }
  },
})
