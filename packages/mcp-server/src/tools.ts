import type { Tool } from './tool.js'
import { chat } from './tools/chat.js'
import { invoke } from './tools/invoke.js'
import { killAgent } from './tools/kill-agent.js'
import { launchAgent } from './tools/launch-agent.js'
import { listAgents } from './tools/list-agents.js'
import { listPool } from './tools/list-pool.js'
import { orchestrationMode } from './tools/orchestration-mode.js'
import { pollAgent } from './tools/poll-agent.js'
import { reset } from './tools/reset.js'
import { respondPermission } from './tools/respond-permission.js'
import { sendMessageTool } from './tools/send-message.js'
import { sync } from './tools/sync.js'
import { wait } from './tools/wait.js'
import { warmup } from './tools/warmup.js'

/** Every tool, in the order in which hosts show them. */
export const tools: readonly Tool[] = [
  launchAgent,
  wait,
  pollAgent,
  sendMessageTool,
  respondPermission,
  killAgent,
  listAgents,
  invoke,
  warmup,
  listPool,
  reset,
  orchestrationMode,
  chat,
  sync,
]

/** The names of all tools, which a worker's list may name. */
export const toolNames: readonly string[] = tools.map(({ name }) => name)
