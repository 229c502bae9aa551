import { resolve } from 'node:path'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { cwdFlag } from '../cwd-flag.js'
import { exitCode } from '../../exit.js'
import { megabytes } from '../../terminal/format.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { oneLine } from '../../terminal/text.js'

/** How `warmup` is called. */
export const warmupSpec = commandSpec({
  description: 'Start a process of an agent before its first task, so that the task need not wait for it',
  words: { agent: text('agent', 'Name of the agent, as subagent-mcp agents lists it') },
  flags: {
    cache: toggle("Also run one short turn, which fills the provider's prompt cache and costs a little"),
    cwd: cwdFlag,
    json: toggle('Print the process as JSON'),
  },
})

/** Starts a process before the first task. */
export const warmup = defineCommand(warmupSpec, (args) => atTerminal((desk) => warmUpAgent(args, desk)))

/** Starts a process of the agent unless one is warm, and says which it is. */
export async function warmUpAgent(
  { agent, cache, json, cwd = '.' }: ArgsOf<typeof warmupSpec>,
  { client, terminal }: Desk,
): Promise<number> {
  const { environment, stdout } = terminal
  const here = resolve(terminal.cwd, cwd)
  const body = { cwd: here, environment: definedVariables(environment), cache }
  const process = await client.warmUp(agent, body)
  const { pid, memory } = process
  const facts = [
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(memory === undefined ? [] : [megabytes(memory)]),
  ].join(', ')
  const text = `${oneLine(agent, 80)} is warm${facts && `: ${facts}`}`
  await stdout.print(`${json ? JSON.stringify(process, undefined, 2) : text}\n`)
  return exitCode.done
}
