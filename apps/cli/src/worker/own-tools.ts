/** The tools of our own MCP server, which a rule may name by these words alone. */
export const ownTools: readonly string[] = [
  ...['chat', 'sync', 'launch_agent', 'wait', 'poll_agent', 'send_message', 'respond_permission'],
  ...['kill_agent', 'list_agents', 'invoke', 'warmup', 'list_pool', 'reset'],
]

/** What a worker's session may do unless somebody says more: it can answer, not launch, edit or run. */
export const usualTools: readonly string[] = ['chat', 'sync']
