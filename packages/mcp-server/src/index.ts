export { type McpPort, type SavedText } from './port.js'
export { agentsMetaKey, serveMcp, type McpConnection } from './serve.js'
