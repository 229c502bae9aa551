export { type AgentsPort, type ListedAgent, type LocatedBlueprint, type WarmOptions } from './agents-port.js'
export { type ModePort, type ModeStatus } from './mode-port.js'
export { type McpPort, type SavedText } from './port.js'
export { serveMcp, type McpConnection } from './serve.js'
