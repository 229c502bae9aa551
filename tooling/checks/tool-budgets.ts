/** UTF-8 bytes that a host must carry in every prompt: the tools as JSON, and the server's instructions. */
export const toolBudgets = {
  first: {
    bytes: 4096,
    tools: [
      'launch_agent',
      'poll_agent',
      'wait',
      'send_message',
      'kill_agent',
      'list_agents',
      'respond_permission',
    ],
  },
  /** With every tool that comes later too. */
  all: { bytes: 7168 },
} as const
