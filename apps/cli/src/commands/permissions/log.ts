import type { PermissionAuditRecord } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { matchAgentByWord } from '@subagent-mcp/core'
import { readJournalAuditLog } from '@subagent-mcp/journal'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { readPermissionAuditLog } from '@subagent-mcp/runtime'
import { join } from 'node:path'
import { jsonFlag, textArgSchema, booleanArgSchema, integerArgSchema } from '../../command/arg-schemas.js'
import { connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { formatAgentIdAndName } from '../../terminal/agent-lines.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { formatLocalDateTime, formatCountWithNoun } from '../../terminal/format.js'
import type { TextPaint, TextTone } from '../../terminal/paint.js'
import { printList } from '../../terminal/print.js'
import { formatRecordedPermissionAnswer } from '../../terminal/questions/question-text.js'
import { renderTable, type TableCell } from '../../terminal/table.js'
import type { Terminal } from '../../terminal/terminal.js'

/** The largest number of permission records that the daemon returns for one request. */
const mostRecords = 1_000

/** Prints the audit log of permissions, the oldest record first. It starts no daemon. */
export const permissionsLogCommand = defineTerminalCommand(
  {
    description: 'Print the audit log: what agents asked, and who answered when, how and why',
    details: ['Leaves out calls that were allowed by a rule or preset, without a question.'],
    examples: ['permissions log', 'permissions log --agent k3f9 --all --limit 20'],
    flags: {
      agent: textArgSchema('agent', 'Print only requests of this agent, by its id or name', {
        names: 'agents',
      }).exactOptional(),
      all: booleanArgSchema('Also print calls that a rule or preset allowed without a question'),
      limit: integerArgSchema({ most: mostRecords }, 'Print at most this many of the newest records').default(
        100,
      ),
      json: jsonFlag,
    },
  },
  async (args, terminal) => printPermissionLog(args, await openLog(terminal), terminal),
)

type LogArgs = { agent?: string; all: boolean; limit: number; json: boolean }

/** Prints the permission records that `read` returns for an agent, or for all. */
export async function printPermissionLog(
  { agent, all, limit, json }: LogArgs,
  read: ReadLog,
  terminal: Terminal,
): Promise<number> {
  const found = await readAgentPermissionRecords({ agent, limit: all ? limit : mostRecords }, read)
  const asked = all
    ? found
    : found.filter(({ event, through }) => event !== 'allowed' || through !== 'policy')
  const records = asked.slice(-limit)
  const none =
    agent === undefined
      ? 'no permission was asked for yet'
      : `none of agent '${revealInvisibleCharacters(agent, 80)}'`
  const unasked = found.length - asked.length
  const remarks = [
    ...(records.length === 0 ? [none] : []),
    ...(unasked > 0
      ? [`${formatCountWithNoun(unasked, 'call')} that the policy allowed left out: --all prints them`]
      : []),
  ]
  return printList(
    { items: records, json, render: (items, { paint }) => recordLines(items, paint), remarks },
    terminal,
  )
}

/** Returns the records of an agent, which may be named as in other commands. @throws SubagentError `ambiguous-agent` */
export async function readAgentPermissionRecords(
  { agent: word, limit }: { agent?: string | undefined; limit: number },
  read: ReadLog,
): Promise<readonly PermissionAuditRecord[]> {
  if (word === undefined) return read({ limit })
  const own = await read({ agent: word, limit })
  if (own.length > 0) return own
  const recent = (await read({ limit: mostRecords })).map(agentOf)
  const agent = matchAgentByWord([...new Map(recent.map((one) => [one.id, one])).values()], word, {
    prefix: true,
  })
  return agent ? read({ agent: agent.id, limit }) : []
}

function agentOf({ agentId: id, name }: PermissionAuditRecord): { id: string; name?: string } {
  return { id, ...(name !== undefined && { name }) }
}

type ReadLog = DaemonClient['permissionLog']

/** Opens the log of permissions: of the daemon, or of the journal while none runs. @throws SubagentError for an unreadable journal */
async function openLog({ environment }: Terminal): Promise<ReadLog> {
  const daemon = await connectRunningDaemon(environment)
  if (daemon) return daemon.permissionLog
  const path = join(getStateFolderPath(environment), 'journal.db')
  return ({ agent, limit = mostRecords } = {}) => {
    const query = { limit, ...(agent !== undefined && { agentId: agent }) }
    return Promise.resolve(readPermissionAuditLog(readJournalAuditLog(path, query)))
  }
}

function recordLines(records: readonly PermissionAuditRecord[], paint: TextPaint): string[] {
  const rows = records.map((record): TableCell[] => [
    { text: formatLocalDateTime(record.at), tone: 'dim' },
    { text: formatAgentIdAndName(agentOf(record)), tone: 'bold' },
    { text: record.event, tone: eventTones[record.event] },
    { text: revealInvisibleCharacters(record.call, 80), tone: 'plain' },
    { text: formatRecordedPermissionAnswer(record), tone: 'plain' },
  ])
  return renderTable(rows, Infinity, paint)
}

const eventTones: Readonly<Record<PermissionAuditRecord['event'], TextTone>> = {
  asked: 'yellow',
  allowed: 'green',
  denied: 'red',
  withdrawn: 'dim',
}
