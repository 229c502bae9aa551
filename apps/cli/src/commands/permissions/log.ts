import type { PermissionRecord } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { readRecords } from '@subagent-mcp/journal'
import { visibleText } from '@subagent-mcp/mcp-server'
import { join } from 'node:path'
import { permissionRecords } from '@subagent-mcp/runtime'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, text, wholeNumber } from '../../command/values.js'
import { findDaemon } from '../../daemon/reach-daemon.js'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { findMeant } from '../../terminal/choose-agent.js'
import { jsonText } from '../../terminal/json-text.js'
import { renderRecords } from './permission-table.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'

/** The daemon returns at most this many lines of the log. */
const mostRecords = 1_000

/** How `permissions log` is called. */
export const permissionsLogSpec = commandSpec({
  description: 'Print the audit log: what agents asked, and who answered when, how and why',
  flags: {
    agent: text('agent', 'Only of this agent: id, beginning of the id, or name').exactOptional(),
    limit: wholeNumber({ most: mostRecords }, 'Print at most this many').default(100),
    json: jsonFlag,
  },
})

/** Prints the audit log of permissions; starts no daemon. */
export const permissionsLog = defineCommand(permissionsLogSpec, (args) =>
  withTerminal(async (terminal) =>
    showRecords(await recordsOf(args, await openLog(terminal)), args, terminal),
  ),
)

type LogArgs = ArgsOf<typeof permissionsLogSpec>

/** Prints them, oldest first. */
export async function showRecords(
  records: readonly PermissionRecord[],
  { json, agent }: Pick<LogArgs, 'json' | 'agent'>,
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
  { agent: word, limit }: Pick<LogArgs, 'agent' | 'limit'>,
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
