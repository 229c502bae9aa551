import { resolve } from 'node:path'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { cwdFlag } from '../cwd-flag.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { renderPool } from './pool-table.js'

/** How `pool` is called. */
export const poolSpec = commandSpec({
  description: 'List the warm processes of the agents defined here, and the tasks they did',
  details: ['Memory is in MB of 1024 * 1024 bytes.'],
  flags: {
    cwd: cwdFlag,
    json: jsonFlag,
  },
})

/** Lists the warm processes of agents. */
export const pool = defineCommand(poolSpec, (args) => atTerminal((desk) => listPool(args, desk)))

/** Prints the agents that are defined here, with their processes. */
export async function listPool(
  { json, cwd = '.' }: ArgsOf<typeof poolSpec>,
  { client, terminal }: Desk,
): Promise<number> {
  const { environment, stdout, stderr, now } = terminal
  const agents = await client.pool({
    cwd: resolve(terminal.cwd, cwd),
    environment: definedVariables(environment),
  })
  if (json) {
    await stdout.print(`${JSON.stringify(agents, undefined, 2)}\n`)
  } else if (agents.length === 0) {
    const text = 'no agent is defined here; make one: subagent-mcp agents new <name>'
    await stderr.print(`${stderr.paint('dim', text)}\n`)
  } else {
    const columns = stdout.size()?.columns ?? Infinity
    const lines = renderPool(agents, { now: now(), columns, paint: stdout.paint })
    await stdout.print(lines.map((line) => `${line}\n`).join(''))
  }
  return exitCode.done
}
