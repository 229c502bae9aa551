export { default } from '@subagent-mcp/eslint-config'
