import { fileURLToPath } from 'node:url'

/** Path of the script that users and hosts run. It is the same relative to dist/, which holds the bundles, and to src/. */
export const ownScript = fileURLToPath(new URL('../bin/subagent-mcp.js', import.meta.url))
