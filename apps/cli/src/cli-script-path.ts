import { fileURLToPath } from 'node:url'

/** The path of `bin/subagent-mcp.js`, which users and hosts run. It is the same from dist/ and from src/. */
export const cliScriptPath = fileURLToPath(new URL('../bin/subagent-mcp.js', import.meta.url))
