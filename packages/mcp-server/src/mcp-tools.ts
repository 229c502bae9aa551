import type { McpTool } from './mcp-tool.js'
import { changesTool } from './tools/changes.js'
import { chatTool } from './tools/chat.js'
import { invokeTool } from './tools/invoke.js'
import { killAgentTool } from './tools/kill-agent.js'
import { launchAgentTool } from './tools/launch-agent.js'
import { listAgentsTool } from './tools/list-agents.js'
import { listPoolTool } from './tools/list-pool.js'
import { orchestrationModeTool } from './tools/orchestration-mode.js'
import { pollAgentTool } from './tools/poll-agent.js'
import { resetTool } from './tools/reset.js'
import { respondPermissionTool } from './tools/respond-permission.js'
import { sendMessageTool } from './tools/send-message.js'
import { syncTool } from './tools/sync.js'
import { waitTool } from './tools/wait.js'
import { warmupTool } from './tools/warmup.js'

/** Every tool, in the order in which hosts show them. */
export const mcpTools: readonly McpTool[] = [
  launchAgentTool,
  waitTool,
  pollAgentTool,
  sendMessageTool,
  respondPermissionTool,
  killAgentTool,
  listAgentsTool,
  changesTool,
  invokeTool,
  warmupTool,
  listPoolTool,
  resetTool,
  orchestrationModeTool,
  chatTool,
  syncTool,
]

/** The names of all MCP tools; a worker's list of tools may have only these. */
export const mcpToolNames: readonly string[] = mcpTools.map(({ name }) => name)
