import type { WorkerFleet } from '@subagent-mcp/api'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { jsonFlag, textArgSchema } from '../../command/arg-schemas.js'
import { connectLastingDaemon, connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { exitCode } from '../../exit.js'
import { readFleetFile } from '../../fleet/fleet-file.js'
import { type CommandContext, defineTerminalCommand } from '../../terminal/command-context.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import { findRecordedFleetPath } from '../../fleet/recorded-fleet.js'
import { printRemarks, printResult, printJson, printLines } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { renderFleet } from '../../fleet/fleet-table.js'

/** Milliseconds that a worker may need to connect to the daemon and to the mailbox, which may be on another machine. */
const longestStart = 30_000

/** Starts the workers that a fleet file lists, with the environment of the terminal, and prints the status of each. */
export const fleetUpCommand = defineTerminalCommand(
  {
    description:
      'Start the workers that a file lists, and keep them running; again after changes of the file',
    examples: ['fleet up', 'fleet up deploy/workers.yaml'],
    words: {
      file: textArgSchema('file', 'YAML file that lists the workers: docs/fleet.md describes it').default(
        'workers.yaml',
      ),
    },
    flags: { json: jsonFlag },
  },
  async (args, terminal) =>
    bringUpFleet(args, { client: await connectLastingDaemon(terminal.environment), terminal }),
)

/** Starts the workers of a fleet file, waits up to `limit` milliseconds until they run, and prints them. */
export async function bringUpFleet(
  { file, json }: { file: string; json: boolean },
  { client, terminal }: CommandContext,
  limit = longestStart,
): Promise<number> {
  const { environment, cwd, home } = terminal
  const path = resolve(cwd, file)
  const body = { file: path, ...readFleetFile(path, home), pid: process.pid }
  await client.fleetUp({ ...body, environment: selectDefinedVariables(environment) })
  return runUntilCtrlC(terminal, async (signal) => {
    const fleet = await waitUntilFleetStarted(client, signal, limit)
    await printFleet(fleet, json, terminal)
    if (!signal.aborted && areWorkersRunning(fleet)) return exitCode.done
    await printRemarks(terminal, ['the fleet stays up: subagent-mcp fleet status; to end it: fleet down'])
    return exitCode.failed
  })
}

/** Whether all workers of a fleet run. */
export function areWorkersRunning({ workers }: WorkerFleet): boolean {
  return workers.every(({ status }) => status === 'running')
}

/** Returns the fleet when each worker runs or has failed once, after `limit` milliseconds, or when the signal aborts. */
export async function waitUntilFleetStarted(
  client: CommandContext['client'],
  signal: AbortSignal,
  limit = longestStart,
): Promise<WorkerFleet> {
  const deadline = Date.now() + limit
  for (;;) {
    const fleet = await client.fleet()
    const isStarted = fleet.workers.every(({ status }) => status !== 'starting')
    if (isStarted || signal.aborted || Date.now() > deadline) return fleet
    // An aborted delay is handled at the beginning of the loop.
    await delay(checkEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

const checkEveryMs = 100

export const fleetDownCommand = defineTerminalCommand(
  {
    description: 'Stop the workers that subagent-mcp fleet up started, and wait until they have ended',
    examples: ['fleet down', 'fleet down --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const { environment } = terminal
    // The next daemon would start a recorded fleet. Only a daemon may change the record, so one is started.
    const isRecorded = findRecordedFleetPath(environment) !== undefined
    const client = isRecorded
      ? await connectLastingDaemon(environment)
      : await connectRunningDaemon(environment)
    const ended = (await client?.fleetDown()) ?? []
    const text = ended.length === 0 ? 'no fleet is up' : `ended: ${ended.join(', ')}`
    return printResult(terminal, json, { text, data: { ended } })
  },
)

/** Lists the workers that `fleet up` started. Starts no daemon. */
export const fleetStatusCommand = defineTerminalCommand(
  {
    description: 'List the workers that subagent-mcp fleet up started, with their status',
    examples: ['fleet status', 'fleet status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const client = await connectRunningDaemon(terminal.environment)
    const file = client ? undefined : findRecordedFleetPath(terminal.environment)
    const recorded = { ...(file !== undefined && { file }), workers: [] }
    if (file === undefined || json) await printFleet((await client?.fleet()) ?? recorded, json, terminal)
    else
      await printRemarks(terminal, [
        `the fleet of ${file} starts with the next daemon: subagent-mcp daemon start`,
      ])
    return exitCode.done
  },
)

/** Prints the workers of a fleet, as a table or as JSON. */
export async function printFleet(fleet: WorkerFleet, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return void (await printJson(terminal, fleet))
  const isUp = fleet.workers.length > 0
  const remark = isUp ? lackedIn(fleet) : 'no fleet is up: subagent-mcp fleet up [file]'
  const remarks = remark === undefined ? [] : [remark]
  await printLines(terminal.stdout, isUp ? renderFleet(fleet, terminal) : [])
  await printRemarks(terminal, remarks)
}

/** Describes which workers lack which API keys, and the command that restores the keys; undefined if none lacks any. */
function lackedIn({ file = '', workers }: WorkerFleet): string | undefined {
  const lacking = workers.flatMap(({ name, lacks = [] }) => (lacks.length > 0 ? [{ name, lacks }] : []))
  if (lacking.length === 0) return undefined
  const each = lacking.map(({ name, lacks }) => `worker ${name} lacks ${lacks.join(', ')}`)
  const why = 'the daemon was restarted, and keeps no keys'
  return revealInvisibleCharacters(
    `${each.join('; ')}: ${why}. Where they are set, run: subagent-mcp fleet up ${file}`,
    4_000,
  )
}
