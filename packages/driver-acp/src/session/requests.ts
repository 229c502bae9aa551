import type {
  AGENT_METHODS,
  CancelNotification,
  CloseSessionRequest,
  InitializeRequest,
  LoadSessionRequest,
  McpServer,
  NewSessionRequest,
  PromptRequest,
  RequestPermissionResponse,
  SetSessionConfigOptionRequest,
  SetSessionModeRequest,
} from '@agentclientprotocol/sdk'

/** Something that is asked of an agent. `set_model` is older than the protocol's config options, and Gemini's way. */
export type Call = { method: AgentMethod | 'session/set_model' | '_subagent-mcp/ping'; params: object }
type AgentMethod = (typeof AGENT_METHODS)[keyof typeof AGENT_METHODS]

/** Opens the conversation with an agent: it gets no file system and no terminal of ours. */
export const initialize: Call = {
  method: 'initialize',
  params: {
    protocolVersion: 1,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    clientInfo: { name: 'subagent-mcp', version: '0' },
  } satisfies InitializeRequest,
}

/** Nobody knows this one: an agent refuses it, after all that it was about to say. */
export const ping: Call = { method: '_subagent-mcp/ping', params: {} }

/** A session of its own in a folder, with MCP servers of its own. */
export function newSession(cwd: string, mcpServers: McpServer[] = []): Call {
  return { method: 'session/new', params: { cwd, mcpServers } satisfies NewSessionRequest }
}

/** Takes an earlier session up again; the agent tells its history first. */
export function loadSession(sessionId: string, cwd: string, mcpServers: McpServer[]): Call {
  return { method: 'session/load', params: { sessionId, cwd, mcpServers } satisfies LoadSessionRequest }
}

/** Starts a turn; the answer is its end. */
export function prompt(sessionId: string, text: string): Call {
  const params = { sessionId, prompt: [{ type: 'text', text }] } satisfies PromptRequest
  return { method: 'session/prompt', params }
}

/** Not answered: the prompt is. */
export function cancel(sessionId: string): Call {
  return { method: 'session/cancel', params: { sessionId } satisfies CancelNotification }
}

/** Chooses the mode, which says what the agent does without asking. */
export function setMode(sessionId: string, modeId: string): Call {
  return { method: 'session/set_mode', params: { sessionId, modeId } satisfies SetSessionModeRequest }
}

/** Chooses the model, by the config option where there is one. */
export function setModel(sessionId: string, model: string, configId: string | undefined): Call {
  if (configId === undefined) return { method: 'session/set_model', params: { sessionId, modelId: model } }
  const params = { sessionId, configId, value: model } satisfies SetSessionConfigOptionRequest
  return { method: 'session/set_config_option', params }
}

/** Frees what an agent keeps of a session. */
export function closeSession(sessionId: string): Call {
  return { method: 'session/close', params: { sessionId } satisfies CloseSessionRequest }
}

/** The answer to a permission request: an option of it, or none. */
export function permission(optionId: string | undefined): RequestPermissionResponse {
  return { outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } }
}
