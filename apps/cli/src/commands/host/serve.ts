import { defineCommand } from '../../command/define-command.js'
import { toggle } from '../../command/values.js'
import { serveInProcess } from '../../serve-in-process.js'

/** What hosts run. Without a flag `bin/subagent-mcp.js` runs the shim instead: a pipe into the daemon. */
export const serve = defineCommand(
  {
    description: 'Serve MCP over stdin and stdout until stdin ends; hosts run this',
    flags: { inProcess: toggle('Run without the daemon: agents end with this process') },
  },
  () => serveInProcess(),
)
