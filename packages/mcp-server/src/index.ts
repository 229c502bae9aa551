export { type McpPort, type SavedText } from './port.js'
export { serveMcp, type McpConnection } from './serve.js'
