import { defineCommandWithoutTerminal } from '../../command/define-cli-command.js'
import { booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { serveMcpInProcess } from '../../serve-in-process.js'

/** Serves MCP in this process. Without an option `bin/subagent-mcp.js` runs the shim instead, which connects to the daemon. */
export const serveCommand = defineCommandWithoutTerminal(
  {
    description: 'Serve MCP over stdin and stdout until stdin ends; hosts run this',
    examples: ['serve', 'serve --in-process'],
    isHidden: true,
    flags: { inProcess: booleanArgSchema('Run without the daemon: agents end with this process') },
  },
  async () => {
    await serveMcpInProcess()
    return exitCode.done
  },
)
