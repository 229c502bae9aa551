import type { Fleet } from '@subagent-mcp/api'
import { setTimeout as delay } from 'node:timers/promises'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, text } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { exitCode } from '../../exit.js'
import { printFleet, remark } from '../../fleet/print-fleet.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { untilInterrupted } from '../../terminal/until-interrupted.js'

/** How `fleet up` is called. */
export const fleetUpSpec = commandSpec({
  description: 'Start the workers of a file; run it again to apply changes of the file',
  words: { file: text('file', 'YAML file that lists the workers').default('workers.yaml') },
  flags: { json: jsonFlag },
})

/** Starts the workers of a file. */
export const fleetUp = defineCommand(fleetUpSpec, (args) => atTerminal((desk) => bringUp(args, desk)))

/** How long a worker is waited for, in milliseconds: it reaches the daemon, and the mailbox that may be elsewhere. */
const longestStart = 30_000

/** Starts the workers in the environment of the terminal, and prints the state of each. */
export async function bringUp(
  { file, json }: ArgsOf<typeof fleetUpSpec>,
  { client, terminal }: Desk,
  limit = longestStart,
): Promise<number> {
  const { environment, cwd } = terminal
  await client.fleetUp({ file, cwd, environment: definedVariables(environment), pid: process.pid })
  return untilInterrupted(terminal, async (signal) => {
    const fleet = await untilSettled(client, signal, limit)
    await printFleet(fleet, json, terminal)
    if (!signal.aborted && areRunning(fleet)) return exitCode.done
    await remark('it stays up: subagent-mcp fleet status, and fleet down to end it', terminal)
    return exitCode.failed
  })
}

/** Whether all of its workers are there for messages. */
export function areRunning({ workers }: Fleet): boolean {
  return workers.every(({ status }) => status === 'running')
}

/** The fleet when each of its workers runs, or has failed once, or when it is not waited for any longer. */
export async function untilSettled(
  client: Desk['client'],
  signal: AbortSignal,
  limit = longestStart,
): Promise<Fleet> {
  const deadline = Date.now() + limit
  for (;;) {
    const fleet = await client.fleet()
    const isSettled = fleet.workers.every(({ status }) => status !== 'starting')
    if (isSettled || signal.aborted || Date.now() > deadline) return fleet
    // That the wait is aborted shows above.
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

const lookEveryMs = 100
