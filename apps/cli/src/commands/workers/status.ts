import { SubagentError } from '@subagent-mcp/contract'
import { jsonFlag } from '../../command/values.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { stateFolderOf } from '../../settings/state-folder.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printList } from '../../terminal/print.js'
import { workerRows } from '../../worker/worker-rows.js'
import { renderWorkers } from '../../worker/workers-table.js'

/** Lists the workers of this machine, also those that ended. Starts no daemon. */
export const workersStatusCommand = terminalCommand(
  {
    description: "List workers: status, today's turns, tokens and cost, and waiting messages",
    examples: ['workers', 'workers status --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, terminal) => {
    const { environment, now, home } = terminal
    const waiting = await waitingMail(environment)
    const items = workerRows(stateFolderOf(environment), now()).map((row) => {
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

/** Counts waiting messages by worker, if a daemon runs. */
async function waitingMail(environment: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, number>> {
  try {
    const agents = (await (await findDaemon(environment))?.mail.agents()) ?? []
    return new Map(agents.map(({ name, waiting }) => [name, waiting]))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return new Map()
  }
}
