export { default } from '@subagent-mcp/vitest-config'
