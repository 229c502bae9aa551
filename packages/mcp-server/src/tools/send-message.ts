import { AttachedFiles, looseObjectSchema, SendMessageAnswer, MessageText } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import type { MessageResult } from '@subagent-mcp/core'
import { z } from 'zod'
import { AgentData, toAgentData } from '../answers/agent-data.js'
import { describeQueuePlace, queuePlaceSchema } from '../answers/describe-queue-place.js'
import { defineMcpTool } from '../mcp-tool.js'

export const sendMessageTool = defineMcpTool({
  name: 'send_message',
  title: 'Message agent',
  description: 'Follow up in its session, also an ended one, as its next turn.',
  annotations: { destructiveHint: true, openWorldHint: true },
  input: z.strictObject({
    agent_id: z.string().describe('Id or name'),
    message: MessageText.describe('Text'),
    files: AttachedFiles.exactOptional(),
    steer: z.boolean().optional().describe('Into its running turn'),
  }),
  output: looseObjectSchema({
    outcome: SendMessageAnswer.shape.outcome,
    ...queuePlaceSchema,
    agent: AgentData,
  }),
  run: ({ agent_id, message, files, steer = false }, context) => {
    const { agents } = context
    const result = agents.send({ agentId: agent_id, text: message, ...omitUndefined({ files }), steer })
    const agent = agents.find(agent_id)
    return {
      text: `${describeResult(result)}\nnext: wait`,
      data: () => ({ outcome: result.type, ...queuePlace(result), agent: toAgentData(agent, context) }),
      agents: [agent],
    }
  },
})

function queuePlace(result: MessageResult): { position?: number; lack?: string } {
  if (result.type === 'queued') return { position: result.position }
  return ('waiting' in result && result.waiting) || {}
}

function describeResult(result: MessageResult): string {
  switch (result.type) {
    case 'started':
      return result.waiting ? describeQueuePlace(result.waiting) : 'its next turn has started'
    case 'resumed':
      return [
        'its session is opened again',
        ...(result.waiting ? [describeQueuePlace(result.waiting)] : []),
      ].join('\n')
    case 'steered':
      return 'put into the running turn'
    case 'queued':
      return `queued as number ${result.position}, each message gets its own turn`
  }
}
