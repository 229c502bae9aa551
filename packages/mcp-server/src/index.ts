export {
  type AgentsPort,
  type DefinedAgents,
  type DeliveredTask,
  type TaskOptions,
  type TaskWait,
} from './agents-port.js'
export { gatherBytes, type GatheredBytes } from './gather-bytes.js'
export { type Delivered, type MailPort } from './mail-port.js'
export { type ModePort, type ModeStatus } from './mode-port.js'
export { type McpPort, type SavedText } from './port.js'
export { createScanner, readHeads, type Head, type Scanner } from './scan-message.js'
export { serveMcp, type McpConnection } from './serve.js'
export { toolNames } from './tools.js'
export { visibleText } from './visible-text.js'
