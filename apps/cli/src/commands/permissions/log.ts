import type { PermissionRecord } from '@subagent-mcp/core'
import type { DaemonClient } from '@subagent-mcp/daemon'
import { readRecords } from '@subagent-mcp/journal'
import { visibleText } from '@subagent-mcp/mcp-server'
import { defineCommand } from 'citty'
import { join } from 'node:path'
import { permissionRecords } from '../../daemon/fact-journal.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { findMeant } from '../../terminal/choose-agent.js'
import { jsonText } from '../../terminal/json-text.js'
import { renderRecords } from '../../terminal/permission-table.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { logFlags, mostRecords, readLogOrder, type LogOrder } from './permissions-order.js'

/** Shows who asked for what, and what became of it. Starts no daemon. */
export const permissionsLog = defineCommand({
  meta: { name: 'log', description: 'Show what agents asked, and who answered, when, through what and why' },
  args: logFlags,
  run: async ({ rawArgs }) => {
    const order = readLogOrder(rawArgs)
    await withTerminal(async (terminal) =>
      showRecords(await recordsOf(order, await openLog(terminal)), order, terminal),
    )
  },
})

/** Prints them, oldest first. */
export async function showRecords(
  records: readonly PermissionRecord[],
  { json, agent }: LogOrder,
  { stdout, stderr }: Terminal,
): Promise<number> {
  if (json) await stdout.print(`${jsonText(records, 2)}\n`)
  else if (records.length === 0)
    await stderr.print(`${agent === undefined ? noneYet : `none of agent '${visibleText(agent, 80)}'`}\n`)
  else
    await stdout.print(
      renderRecords(records, stdout.paint)
        .map((line) => `${line}\n`)
        .join(''),
    )
  return exitCode.done
}

const noneYet = 'no permission was asked for yet'

/** The lines that are meant: an agent is named as anywhere. @throws SubagentError `ambiguous-agent` */
export async function recordsOf(
  { agent: word, limit }: LogOrder,
  read: ReadLog,
): Promise<readonly PermissionRecord[]> {
  if (word === undefined) return read({ limit })
  const own = await read({ agent: word, limit })
  if (own.length > 0) return own
  const recent = await read({ limit: mostRecords })
  const agent = findMeant([...new Map(recent.map(agentOf)).values()], word)
  return agent ? read({ agent: agent.id, limit }) : []
}

type ReadLog = DaemonClient['permissionLog']

function agentOf({
  agentId: id,
  name,
}: PermissionRecord): [id: string, agent: { id: string; name?: string }] {
  return [id, { id, ...(name !== undefined && { name }) }]
}

/** From the daemon, else from what daemons left. @throws SubagentError for a journal that cannot be read */
async function openLog({ environment }: Terminal): Promise<ReadLog> {
  const daemon = await findDaemon(environment)
  if (daemon) return daemon.permissionLog
  const path = join(homeFolder(environment), 'journal.db')
  return ({ agent, limit = mostRecords } = {}) => {
    const query = { limit, ...(agent !== undefined && { agentId: agent }) }
    return Promise.resolve(permissionRecords(readRecords(path, query)))
  }
}
