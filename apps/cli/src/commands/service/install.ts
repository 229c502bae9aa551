import { daemonServiceCommand } from '../../service/daemon-service.js'
import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import type { Fleet } from '@subagent-mcp/api'
import { installService, serviceManager, withCommandRunner } from '@subagent-mcp/installer'
import { revealInvisible } from '@subagent-mcp/mcp-server'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { flagExcludes } from '../../command/rules.js'
import { jsonFlag, textArg, boolArg } from '../../command/values.js'
import { type IdleDaemonEnd, endIdleDaemon } from '../../daemon/end-idle-daemon.js'
import { findDaemon, reachDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { type FleetFilePlan, readFleetFile } from '../../fleet/fleet-file.js'
import { renderFleet } from '../../fleet/fleet-table.js'
import { printRemark } from '../../fleet/print-fleet.js'
import type { Terminal } from '../../terminal/terminal.js'
import { areWorkersRunning, untilFleetStarted } from '../fleet/up.js'

/** Installs the service that keeps the daemon running. */
export const serviceInstallCommand = terminalCommand(
  {
    description: 'Let the system start the daemon at login, and restart it when it ends',
    examples: ['service install', 'service install --fleet workers.yaml'],
    flags: {
      fleet: textArg('file', 'Also start the workers of this file').exactOptional(),
      print: boolArg('Print the file that would be written, and change nothing'),
      json: jsonFlag,
    },
    rules: [flagExcludes('print', ['json'])],
  },
  async ({ fleet, print, json }, terminal) => {
    const { environment, cwd, home, stdout } = terminal
    const [manager, program] = [serviceManager(environment), daemonServiceCommand(environment)]
    // The file is read before anything is written, so that the user can correct it first.
    const plan = fleet === undefined ? undefined : readFleetFile(resolve(cwd, fleet), home)
    if (print) {
      await stdout.print(manager.text(program))
      if (fleet !== undefined && plan) await printRemark(describeFleet(resolve(cwd, fleet), plan), terminal)
      return exitCode.done
    }
    if (terminal.isInsideAgent()) throw insideAgent()
    const { lines, ...installed } = await withCommandRunner(environment, (run) =>
      // The daemon of the service waits while another daemon runs.
      installService({ manager, program, run }, async () => describeEnd(await endIdleDaemon(environment))),
    )
    const isUp = installed.service === 'enabled'
    const path = fleet === undefined ? undefined : resolve(cwd, fleet)
    const workers =
      path !== undefined && plan ? await bringUp({ file: path, ...plan }, isUp, terminal) : undefined
    const table = workers ? renderFleet(workers, terminal) : []
    await printResult(terminal, json, {
      text: [...lines, ...table].join('\n'),
      data: { ...installed, ...(workers && { fleet: workers }) },
    })
    const hasFailed = installed.service === 'failed' || (workers && !areWorkersRunning(workers))
    return hasFailed ? exitCode.failed : exitCode.done
  },
)

/** Describes the `fleet up` that starts the workers. It is not part of the service, because the daemon remembers its workers. */
function describeFleet(file: string, { workers }: FleetFilePlan): string {
  const named = workers.map(({ name = '', folder }) => revealInvisible(`${name} in ${folder}`, 300))
  return `the command would also run: subagent-mcp fleet up ${file}\nwith these workers: ${named.join(', ')}`
}

function describeEnd(end: IdleDaemonEnd): string | undefined {
  if (end.type === 'stays') return `${end.why}; the service takes over when it ends`
  return end.type === 'lingers' ? `daemon ${end.pid} ends; the service takes over then` : undefined
}

/** Starts the workers of a fleet with the environment of the daemon, which they also get at the next login. */
async function bringUp(
  plan: FleetFilePlan & { file: string },
  isUp: boolean,
  { environment }: Terminal,
): Promise<Fleet> {
  const client = (isUp ? await comingDaemon(environment) : undefined) ?? (await reachDaemon(environment))
  await client.fleetUp({ ...plan, pid: process.pid })
  return untilFleetStarted(client, new AbortController().signal)
}

/**
 * Waits for the daemon of the service. Starts no daemon itself, because that one would prevent the service's daemon from starting.
 */
async function comingDaemon(environment: NodeJS.ProcessEnv): Promise<DaemonClient | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const client = await findDaemon(environment)
    if (client) return client
    await delay(checkEveryMs)
  }
  return undefined
}

const checkEveryMs = 100
const mostTries = 100

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent cannot install a service', {
    hint: 'the user can: subagent-mcp service install',
  })
}
