export {
  type AgentsPort,
  type DefinedAgents,
  type DeliveredTask,
  type TaskOptions,
  type TaskWait,
} from './ports/agents-port.js'
export {
  type ChangeAction,
  type ChangeCounts,
  type ChangesPort,
  type SharedEdit,
} from './ports/changes-port.js'
export { gatherBytes, type GatheredBytes } from './transport/gather-bytes.js'
export { type DeliveredMessages, type MailPort } from './ports/mail-port.js'
export { type McpPort, type SavedText, type UntypedTurns } from './ports/mcp-port.js'
export { type SetupPort, type SetupState } from './ports/setup-port.js'
export {
  createMessageScanner,
  readHeads,
  type MessageHead,
  type MessageScanner,
} from './transport/scan-message.js'
export { createExchange, type HttpExchange } from './http/exchange.js'
export { hasSessions, openStatelessCaller, type HttpCaller } from './http/http-caller.js'
export { openHttpSession } from './http/http-session.js'
export { type McpCaller } from './open-caller.js'
export { type AskOthers, type ForeignRequest } from './tasks/foreign-tasks.js'
export { serveMcp, type McpConnection } from './serve.js'
export { toolNames } from './tools.js'
export { describeRecap, type RecapLine } from './answers/describe-recap.js'
export { visibleText } from './answers/visible-text.js'
