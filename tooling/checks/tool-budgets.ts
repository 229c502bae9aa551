/** Budgets of what our server adds to every prompt of a host, in UTF-8 bytes of its instructions and its tools as JSON, and of their output schemas. */
export const toolBudgets = {
  first: {
    // The launch options have most of it.
    bytes: 5400,
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
  /** All tools of the server together. */
  all: { bytes: 8500 },
  /** The output schemas of all tools, which no host that we know gives its model. */
  outputs: { bytes: 22_000 },
} as const
