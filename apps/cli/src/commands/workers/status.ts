import type { WorkerView } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { jsonFlag } from '../../command/arg-schemas.js'
import { connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printList } from '../../terminal/print.js'
import { getWorkersFolder } from '../../worker/session-server.js'
import { listWorkerRows } from '../../worker/worker-rows.js'
import { renderWorkers } from '../../worker/workers-table.js'

/** Lists the workers of this machine, also those that ended. Starts no daemon. */
export const workersStatusCommand = defineTerminalCommand(
  {
    description: "List workers: status, today's turns, tokens and cost, and messages that wait for them",
    examples: ['workers', 'workers status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const { environment, now, home } = terminal
    const { views, waiting } = await askDaemon(environment)
    const items = listWorkerRows(getWorkersFolder(environment), views, now()).map((row) => {
      const count = waiting.get(row.name)
      return { ...row, ...(count !== undefined && { waiting: count }) }
    })
    const remarks = items.length > 0 ? [] : ['no worker ever ran here; to start one: subagent-mcp worker']
    const layout = { columns: terminal.stdout.size()?.columns ?? Infinity, now: now(), home }
    return printList(
      {
        ...{ items, json, remarks },
        render: (rows, { paint }) => (rows.length > 0 ? renderWorkers(rows, { ...layout, paint }) : []),
      },
      terminal,
    )
  },
)

/** Asks the daemon, if one runs, for its workers, and counts the waiting messages of each. */
async function askDaemon(
  environment: NodeJS.ProcessEnv,
): Promise<{ views: readonly WorkerView[]; waiting: ReadonlyMap<string, number> }> {
  try {
    const client = await connectRunningDaemon(environment)
    const views = (await client?.workers()) ?? []
    return { views, waiting: await waitingMail(client) }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return { views: [], waiting: new Map() }
  }
}

async function waitingMail(client: DaemonClient | undefined): Promise<ReadonlyMap<string, number>> {
  try {
    const agents = (await client?.mail.agents()) ?? []
    return new Map(agents.map(({ name, waiting }) => [name, waiting]))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return new Map() // The mailbox cannot be reached.
  }
}
