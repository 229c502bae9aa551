import { findAgent, sendMessage } from '@subagent-mcp/core'
import { z } from 'zod'
import { defineTool } from '../tool.js'

/** Gives an agent its next turn, or steers the running one. */
export const sendMessageTool = defineTool({
  name: 'send_message',
  title: 'Send message',
  description: 'Follow up in the same session: the next turn, after a running one.',
  annotations: { destructiveHint: true, openWorldHint: true },
  input: z.strictObject({
    agent_id: z.string(),
    message: z.string(),
    steer: z.boolean().optional().describe('Into the running turn instead'),
  }),
  run: ({ agent_id, message, steer = false }, { supervisor }) => {
    const result = sendMessage(supervisor, { agentId: agent_id, text: message, steer })
    const became = {
      started: 'its next turn has started',
      steered: 'put into the running turn',
      queued: `queued as number ${result.type === 'queued' ? result.position : 0}, each message gets its own turn`,
    }
    return { text: `${became[result.type]}\nnext: wait`, agents: [findAgent(supervisor, agent_id)] }
  },
})
