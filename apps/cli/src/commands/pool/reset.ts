import { resolve } from 'node:path'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { cwdFlag } from '../cwd-flag.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { oneLine } from '../../terminal/text.js'

/** How `reset` is called. */
export const resetSpec = commandSpec({
  description:
    'End all warm processes of an agent, with their running tasks; the next task starts a new process',
  words: { agent: text('agent', 'Name of the agent, as subagent-mcp pool lists it') },
  flags: {
    cwd: cwdFlag,
    json: toggle('Print the number of ended processes as JSON'),
  },
})

/** Ends the warm processes of an agent. */
export const reset = defineCommand(resetSpec, (args) => atTerminal((desk) => resetPool(args, desk)))

/** Ends all processes of the agent, and says how many there were. */
export async function resetPool(
  { agent, json, cwd = '.' }: ArgsOf<typeof resetSpec>,
  { client, terminal }: Desk,
): Promise<number> {
  const { environment, stdout } = terminal
  const reset = await client.resetPool(agent, {
    cwd: resolve(terminal.cwd, cwd),
    environment: definedVariables(environment),
  })
  const { ended } = reset
  const text = `${oneLine(agent, 80)}: ended ${ended} process${ended === 1 ? '' : 'es'}`
  await stdout.print(`${json ? JSON.stringify(reset, undefined, 2) : text}\n`)
  return exitCode.done
}
