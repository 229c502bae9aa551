export {
  type AgentsPort,
  type DefinedAgents,
  type TaskWithReports,
  type TaskOptions,
  type TracedLaunchOptions,
  type TaskWaitOptions,
} from './ports/agents-port.js'
export {
  type ChangeAction,
  type ChangeCounts,
  type ChangesPort,
  type SharedFileEdit,
} from './ports/changes-port.js'
export { createLineByteBuffer, type LineByteBuffer } from './transport/line-byte-buffer.js'
export { type MessagesToConfirm, type MailPort } from './ports/mail-port.js'
export { type McpPort, type SavedTextFile, type AutomaticTurnCount } from './ports/mcp-port.js'
export { type SetupPort, type SetupState } from './ports/setup-port.js'
export {
  createJsonRpcHeadScanner,
  readRpcHeads,
  type JsonRpcHead,
  type JsonRpcHeadScanner,
} from './transport/json-rpc-heads.js'
export { createHttpExchange, type HttpExchange } from './http/http-exchange.js'
export { usesMcpSessions, openStatelessHttpCaller, type HttpCaller } from './http/http-caller.js'
export { openMcpHttpSession } from './http/http-session.js'
export { type McpCaller } from './open-caller.js'
export { type ForeignTaskResultFinder, type ForeignTaskRequest } from './tasks/foreign-tasks.js'
export { serveMcp, type McpConnection } from './serve-mcp.js'
export { mcpToolNames } from './mcp-tools.js'
export { describeRecap, type RecapLine } from './answers/describe-recap.js'
export { cutToOneLine, summarizeMcpProblem } from './answers/cut-text.js'
export { revealInvisibleCharacters } from './answers/reveal-invisible-characters.js'
