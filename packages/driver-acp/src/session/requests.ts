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
import type { composeMessage } from '@subagent-mcp/driver-kit'

/** A request to an agent. `session/set_model` is older than the config options of the protocol; Gemini uses it. */
export type AcpRequest = { method: AgentMethod | 'session/set_model' | '_subagent-mcp/ping'; params: object }
type AgentMethod = (typeof AGENT_METHODS)[keyof typeof AGENT_METHODS]

/** The `initialize` request to an ACP agent. It offers the agent no file system and no terminal. */
export const acpInitializeRequest: AcpRequest = {
  method: 'initialize',
  params: {
    protocolVersion: 1,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    clientInfo: { name: 'subagent-mcp', version: '0' },
  } satisfies InitializeRequest,
}

/** A request that no ACP agent knows. Its refusal comes after everything that the agent sent before. */
export const acpPingRequest: AcpRequest = { method: '_subagent-mcp/ping', params: {} }

/** Creates the request that opens an ACP session in a folder, with its MCP servers. */
export function createNewSessionRequest(cwd: string, mcpServers: McpServer[] = []): AcpRequest {
  return { method: 'session/new', params: { cwd, mcpServers } satisfies NewSessionRequest }
}

/** Resumes a session. The agent sends its history before the answer. */
export function createLoadSessionRequest(
  sessionId: string,
  cwd: string,
  mcpServers: McpServer[],
): AcpRequest {
  return { method: 'session/load', params: { sessionId, cwd, mcpServers } satisfies LoadSessionRequest }
}

/** Creates the request that starts a turn of an ACP session. Its answer comes at the end of the turn. */
export function createPromptRequest(
  sessionId: string,
  { text, images }: ReturnType<typeof composeMessage>,
): AcpRequest {
  const blocks = images.map(({ type, data }) => ({ type: 'image' as const, mimeType: type, data }))
  const params = { sessionId, prompt: [{ type: 'text', text }, ...blocks] } satisfies PromptRequest
  return { method: 'session/prompt', params }
}

/** Creates the notification that cancels the running ACP turn; the answer to the prompt then ends the turn. */
export function createCancelRequest(sessionId: string): AcpRequest {
  return { method: 'session/cancel', params: { sessionId } satisfies CancelNotification }
}

/** Sets the mode, which decides what the agent does without asking. */
export function createSetModeRequest(sessionId: string, modeId: string): AcpRequest {
  return { method: 'session/set_mode', params: { sessionId, modeId } satisfies SetSessionModeRequest }
}

export function createSetModelRequest(
  sessionId: string,
  model: string,
  configId: string | undefined,
): AcpRequest {
  if (configId === undefined) return { method: 'session/set_model', params: { sessionId, modelId: model } }
  const params = { sessionId, configId, value: model } satisfies SetSessionConfigOptionRequest
  return { method: 'session/set_config_option', params }
}

/** Closes a session, so that the agent frees its memory. */
export function createCloseSessionRequest(sessionId: string): AcpRequest {
  return { method: 'session/close', params: { sessionId } satisfies CloseSessionRequest }
}

export function createPermissionResult(optionId: string | undefined): RequestPermissionResponse {
  return { outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } }
}
