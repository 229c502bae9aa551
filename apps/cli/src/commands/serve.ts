import { defineCommand } from 'citty'
import { readWords, noWord } from '../terminal/read-words.js'
import { serveInProcess } from '../serve-in-process.js'

const flags = {
  'in-process': { type: 'boolean', description: 'Without the daemon: agents end with this process' },
} as const

/** What hosts run. Without a word after it `bin/subagent-mcp.js` runs the shim instead: a pipe into the daemon. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Serve MCP over stdin and stdout, until stdin ends: what hosts run' },
  args: flags,
  run: async ({ rawArgs }) => {
    const usage = 'subagent-mcp serve [--in-process]'
    noWord(readWords(rawArgs, flags, usage).positionals, usage)
    await serveInProcess()
  },
})
