import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import type { Fleet } from '@subagent-mcp/api'
import { installService, serviceManager, withRunner } from '@subagent-mcp/installer'
import { visibleText } from '@subagent-mcp/mcp-server'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes } from '../../command/rules.js'
import { jsonFlag, text, toggle } from '../../command/values.js'
import { type DaemonEnd, endIdleDaemon } from '../../daemon/end-idle-daemon.js'
import { findDaemon, reachDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { type FleetPlan, readFleetFile } from '../../fleet/fleet-file.js'
import { renderFleet } from '../../fleet/fleet-table.js'
import { remark } from '../../fleet/print-fleet.js'
import { serviceProgram } from '../../service/daemon-service.js'
import { say } from '../../terminal/say.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { areRunning, untilSettled } from '../fleet/up.js'

const serviceInstallSpec = commandSpec({
  description: 'Let the system start the daemon at login, and restart it when it ends',
  flags: {
    fleet: text('file', 'Also start the workers of this file').exactOptional(),
    print: toggle('Print the file that would be written, and change nothing'),
    json: jsonFlag,
  },
  rules: [excludes('print', ['json'])],
})

/** Installs the service that keeps the daemon running. */
export const serviceInstall = defineCommand(serviceInstallSpec, (args) =>
  withTerminal((terminal) => install(args, terminal)),
)

async function install(
  { fleet, print, json }: ArgsOf<typeof serviceInstallSpec>,
  terminal: Terminal,
): Promise<number> {
  const { environment, cwd, home, stdout } = terminal
  const [manager, program] = [serviceManager(environment), serviceProgram(environment)]
  // Before anything is written: what is wrong in it is to be mended first.
  const plan = fleet === undefined ? undefined : readFleetFile(resolve(cwd, fleet), home)
  if (print) {
    await stdout.print(manager.text(program))
    if (fleet !== undefined && plan) await remark(describeFleet(resolve(cwd, fleet), plan), terminal)
    return exitCode.done
  }
  if (terminal.isInsideAgent()) throw insideAgent()
  const installed = await withRunner(environment, (run) =>
    // For one that runs already the service's waits.
    installService({ manager, program, run }, async () => describeEnd(await endIdleDaemon(environment))),
  )
  const isUp = installed.service === 'enabled'
  const workers = fleet === undefined ? undefined : await bringUp(fleet, isUp, terminal)
  const table = workers ? renderFleet(workers, terminal) : []
  const { lines, ...data } = installed
  await say(terminal, json, {
    text: [...lines, ...table].join('\n'),
    data: { ...data, ...(workers && { fleet: workers }) },
  })
  return installed.service === 'failed' || (workers && !areRunning(workers)) ? exitCode.failed : exitCode.done
}

/** The service's file is the same without a fleet: the daemon keeps by itself which workers are up. */
function describeFleet(file: string, { entries }: FleetPlan): string {
  const workers = entries.map(({ name, folder }) => visibleText(`${name} in ${folder}`, 300))
  return `it would also run: subagent-mcp fleet up ${file}\nwhich has these workers: ${workers.join(', ')}`
}

function describeEnd(end: DaemonEnd): string | undefined {
  if (end.type === 'stays') return `${end.why}; the service takes over when it ends`
  return end.type === 'lingers' ? `daemon ${end.pid} ends; the service takes over then` : undefined
}

/** In the daemon's own environment, as it will be at the next login. */
async function bringUp(file: string, isUp: boolean, { environment, cwd }: Terminal): Promise<Fleet> {
  const client = (isUp ? await comingDaemon(environment) : undefined) ?? (await reachDaemon(environment))
  await client.fleetUp({ file, cwd, pid: process.pid })
  return untilSettled(client, new AbortController().signal)
}

/** The service's, which is on its way: whom we start now would be in its place. */
async function comingDaemon(environment: NodeJS.ProcessEnv): Promise<DaemonClient | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const client = await findDaemon(environment)
    if (client) return client
    await delay(lookEveryMs)
  }
  return undefined
}

const lookEveryMs = 100
const mostTries = 100

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent installs no service', {
    hint: 'let the user do it: subagent-mcp service install',
  })
}
