import { SubagentError } from '@subagent-mcp/contract'
import { defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { jsonText } from '../../terminal/json-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { workerRows } from '../../worker/worker-rows.js'
import { renderWorkers } from '../../worker/workers-table.js'

/** Lists the workers of this machine. */
export const workersStatus = defineCommand(
  {
    description: "List workers: status, today's turns, tokens and cost, and waiting messages",
    flags: { json: jsonFlag },
  },
  (args) => withTerminal((terminal) => showWorkers(args, terminal)),
)

/** Prints them, those that ended too. */
export async function showWorkers({ json }: { json: boolean }, terminal: Terminal): Promise<number> {
  const { environment, stdout, stderr, now, home } = terminal
  const waiting = await waitingMail(environment)
  const rows = workerRows(homeFolder(environment), now()).map((row) => {
    const count = waiting.get(row.name)
    return { ...row, ...(count !== undefined && { waiting: count }) }
  })
  if (json) await stdout.print(`${jsonText(rows, 2)}\n`)
  else if (rows.length === 0)
    await stderr.print(
      `${stderr.paint('dim', 'no worker ever ran here; to start one: subagent-mcp worker')}\n`,
    )
  else {
    const columns = stdout.size()?.columns ?? Infinity
    const lines = renderWorkers(rows, { columns, paint: stdout.paint, now: now(), home })
    await stdout.print(lines.map((line) => `${line}\n`).join(''))
  }
  return exitCode.done
}

/** By name, where a daemon is there to be asked: none is started. */
async function waitingMail(environment: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, number>> {
  try {
    const agents = (await (await findDaemon(environment))?.mail.agents()) ?? []
    return new Map(agents.map(({ name, waiting }) => [name, waiting]))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return new Map()
  }
}
