import { cwdFlag, textArg, boolArg } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { cutSafeLine } from '../../terminal/text.js'
import { terminalCaller } from '../../terminal/person.js'

export const resetCommand = daemonCommand(
  {
    description:
      'End all warm processes of a defined agent, with their running tasks; the next task starts a new one',
    examples: ['reset reviewer', 'reset reviewer --json'],
    words: {
      agent: textArg('agent', 'Name of the agent, as subagent-mcp pool lists it', { names: 'definitions' }),
    },
    flags: { cwd: cwdFlag, json: boolArg('Print the number of ended processes as JSON') },
  },
  async ({ agent, json, cwd }, { client, terminal }) => {
    const reset = await client.resetPool(agent, terminalCaller(cwd, terminal))
    const text = `${cutSafeLine(agent, 80)}: ended ${reset.ended} process${reset.ended === 1 ? '' : 'es'}`
    return printResult(terminal, json, { text, data: reset })
  },
)
