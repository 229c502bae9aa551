import { MessageText } from '@subagent-mcp/api'
import type { MessageResult } from '@subagent-mcp/core'
import { z } from 'zod'
import { describeQueuePlace } from '../answers/describe-queue-place.js'
import { defineTool } from '../tool.js'

/** The tool `send_message`: starts an agent's next turn, or steers the running one. */
export const sendMessageTool = defineTool({
  name: 'send_message',
  description: 'Follow up in the same session, also an ended one, as its next turn.',
  annotations: { destructiveHint: true, openWorldHint: true },
  input: z.strictObject({
    agent_id: z.string().describe('Id or name'),
    message: MessageText,
    steer: z.boolean().optional().describe('Into the running turn instead'),
  }),
  run: ({ agent_id, message, steer = false }, { agents }) => {
    const result = agents.send({ agentId: agent_id, text: message, steer })
    return { text: `${describeResult(result)}\nnext: wait`, agents: [agents.find(agent_id)] }
  },
})

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
