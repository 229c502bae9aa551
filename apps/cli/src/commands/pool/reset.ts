import { cwdFlag, textArg, toggle } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { cutLine } from '../../terminal/text.js'
import { callerAt } from '../../terminal/person.js'

/** Ends all warm processes of an agent, and prints how many there were. */
export const resetCommand = daemonCommand(
  {
    description:
      'End all warm processes of an agent, with their running tasks; the next task starts a new process',
    examples: ['reset reviewer', 'reset reviewer --json'],
    words: {
      agent: textArg('agent', 'Name of the agent, as subagent-mcp pool lists it', { names: 'definitions' }),
    },
    flags: { cwd: cwdFlag, json: toggle('Print the number of ended processes as JSON') },
  },
  async ({ agent, json, cwd }, { client, terminal }) => {
    const reset = await client.resetPool(agent, callerAt(cwd, terminal))
    const text = `${cutLine(agent, 80)}: ended ${reset.ended} process${reset.ended === 1 ? '' : 'es'}`
    return printResult(terminal, json, { text, data: reset })
  },
)
