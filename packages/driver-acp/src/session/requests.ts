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

/** A request to an agent. `session/set_model` is older than the config options of the protocol; Gemini uses it. */
export type AcpRequest = { method: AgentMethod | 'session/set_model' | '_subagent-mcp/ping'; params: object }
type AgentMethod = (typeof AGENT_METHODS)[keyof typeof AGENT_METHODS]

/** The first request to an agent. It offers no file system and no terminal. */
export const initializeRequest: AcpRequest = {
  method: 'initialize',
  params: {
    protocolVersion: 1,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    clientInfo: { name: 'subagent-mcp', version: '0' },
  } satisfies InitializeRequest,
}

/** A request that no agent knows. Its refusal comes after everything that the agent sent before. */
export const pingRequest: AcpRequest = { method: '_subagent-mcp/ping', params: {} }

/** Opens a session in a folder, with its MCP servers. */
export function newSessionRequest(cwd: string, mcpServers: McpServer[] = []): AcpRequest {
  return { method: 'session/new', params: { cwd, mcpServers } satisfies NewSessionRequest }
}

/** Resumes a session. The agent sends its history before the answer. */
export function loadSessionRequest(sessionId: string, cwd: string, mcpServers: McpServer[]): AcpRequest {
  return { method: 'session/load', params: { sessionId, cwd, mcpServers } satisfies LoadSessionRequest }
}

/** Starts a turn. The answer comes at its end. */
export function promptRequest(sessionId: string, text: string): AcpRequest {
  const params = { sessionId, prompt: [{ type: 'text', text }] } satisfies PromptRequest
  return { method: 'session/prompt', params }
}

/** Cancels the running turn. This is a notification; the answer to the prompt ends the turn. */
export function cancelRequest(sessionId: string): AcpRequest {
  return { method: 'session/cancel', params: { sessionId } satisfies CancelNotification }
}

/** Sets the mode, which decides what the agent does without asking. */
export function setModeRequest(sessionId: string, modeId: string): AcpRequest {
  return { method: 'session/set_mode', params: { sessionId, modeId } satisfies SetSessionModeRequest }
}

/** Sets the model, by the config option where the agent has one. */
export function setModelRequest(sessionId: string, model: string, configId: string | undefined): AcpRequest {
  if (configId === undefined) return { method: 'session/set_model', params: { sessionId, modelId: model } }
  const params = { sessionId, configId, value: model } satisfies SetSessionConfigOptionRequest
  return { method: 'session/set_config_option', params }
}

/** Closes a session, so that the agent frees its memory. */
export function closeSessionRequest(sessionId: string): AcpRequest {
  return { method: 'session/close', params: { sessionId } satisfies CloseSessionRequest }
}

/** The result for a permission request: one of its options, or a cancellation. */
export function permissionResult(optionId: string | undefined): RequestPermissionResponse {
  return { outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } }
}
