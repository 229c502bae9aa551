import { fileURLToPath } from 'node:url'

/** The script that users and hosts run: beside dist/, in which all of the program is bundled, as beside src/. */
export const ownScript = fileURLToPath(new URL('../bin/subagent-mcp.js', import.meta.url))
