import { formatCountWithNoun } from '../terminal/format.js'
import type { DaemonHealth } from '@subagent-mcp/api'
import { connectDaemon } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import {
  confirmDataLosses,
  inspectJournal,
  describeDataLoss,
  repairJournal,
  readDataLosses,
} from '@subagent-mcp/journal'
import { join } from 'node:path'
import { requestDaemonHealth } from '../daemon/daemon-health.js'
import { findOtherVersionDaemons } from '../daemon/other-daemons.js'
import { connectRunningDaemon } from '../daemon/connect-or-start-daemon.js'
import { getDaemonSocketPath } from '../daemon/daemon-paths.js'
import { formatOtherVersionCommand } from '../releases/server-command.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import { version } from '../version.js'
import { createOkFinding, type DoctorContext, type DoctorFinding } from './run-doctor-checks.js'

type Environment = DoctorContext['environment']

/** Checks that a running daemon answers on its socket. @throws SubagentError for one that does not answer in time */
export async function checkDaemon(
  { environment }: DoctorContext,
  limitMs?: number,
): Promise<DoctorFinding[]> {
  const client = await connectRunningDaemon(environment)
  const socket = getDaemonSocketPath(environment, version)
  if (client === undefined) return [createOkFinding(`none runs: it starts when it is needed, on ${socket}`)]
  const { pid, agents, configProblem } = await requestDaemonHealth(client, limitMs)
  const running = createOkFinding(
    `${pid} of version ${version} runs with ${formatCountWithNoun(agents.total, 'agent')} on ${socket}`,
  )
  if (configProblem === undefined) return [running]
  const what = `${pid} uses defaults: ${configProblem}`
  return [running, { severity: 'warning', what, mend: 'subagent-mcp daemon restart' }]
}

/** Finds daemons of other versions, which hosts that were started before an update still use. */
export async function checkOldDaemons({ environment }: DoctorContext): Promise<DoctorFinding[]> {
  const others = await findOtherVersionDaemons(environment)
  return others.length === 0
    ? [createOkFinding('no daemon of another version runs')]
    : others.map((health) => oldDaemon(health, environment))
}

/** Describes a running daemon of another version. Only one without hosts and agents has a fix, which stops it. */
function oldDaemon(health: DaemonHealth, environment: Environment): DoctorFinding {
  const { pid, version: other, hosts, agents } = health
  const rest = `${formatCountWithNoun(hosts, 'host')} and ${formatCountWithNoun(agents.alive, 'agent')}`
  const severity = 'warning'
  const what = `daemon ${pid} of version ${other} still runs with ${rest}`
  if (hosts > 0) return { severity, what, mend: 'restart the hosts that were open during the update' }
  const mend = formatOtherVersionCommand(other, 'daemon stop')
  if (agents.alive > 0) return { severity, what, mend }
  // The daemon is stopped by its socket, because a pid may be that of another container.
  const client = () => connectDaemon({ socketPath: getDaemonSocketPath(environment, other) })
  return { severity, what, mend, fix: async () => void (await client().stop({ drain: true })) }
}

/** Checks that the daemon reaches the mailbox, and counts the messages that no agent could handle. */
export async function checkMailbox({ environment }: DoctorContext): Promise<DoctorFinding[]> {
  const client = await connectRunningDaemon(environment)
  const mailbox = client && (await requestDaemonHealth(client)).mailbox
  if (!client || !mailbox) return [createOkFinding('checked only while a daemon runs')]
  const { kind, where, problem } = mailbox
  const place = `${kind} at ${where}`
  if (!mailbox.reachable) {
    const what = `${place} cannot be reached: ${problem ?? 'no reason is known'}`
    return [{ severity: 'error', what, mend: 'mend what it names, or mailbox in config.jsonc' }]
  }
  const dead = (await client.mail.agents()).reduce((sum, agent) => sum + agent.dead, 0)
  const what = `${formatCountWithNoun(dead, 'message')} failed too often, and nobody tries again`
  const { warning } = mailbox
  const mend = 'update the servers to nats-server 2.10.20 or newer (docs/fleet.md)'
  return [
    createOkFinding(place),
    ...(warning === undefined ? [] : [{ severity: 'warning', what: warning, mend } as const]),
    ...(dead === 0 ? [] : [{ severity: 'warning', what, mend: 'subagent-mcp chat dead' } as const]),
  ]
}

/** Checks the file of the daemon's journal, and lists its recorded losses. @throws SubagentError for a file that cannot be read */
export async function checkJournal({ environment }: DoctorContext): Promise<DoctorFinding[]> {
  const path = join(getStateFolderPath(environment), 'journal.db')
  return [await journalFile(path, environment), ...recordedLosses(path)]
}

async function journalFile(path: string, environment: Environment): Promise<DoctorFinding> {
  const inspected = inspectJournal(path)
  if (inspected.type === 'absent')
    return createOkFinding(`no journal yet; the first daemon creates it: ${path}`)
  if (inspected.type === 'sound') return createOkFinding(path)
  const what = `${path} is damaged: ${inspected.problems.join('; ')}`
  if (await connectRunningDaemon(environment)) return { severity: 'error', what, mend: restartDaemon }
  const mend = `start a daemon, which sets ${path} aside and continues with what can be read; this does so now`
  return { severity: 'error', what, mend, fix: () => mendNow(path, environment) }
}

const restartDaemon = 'subagent-mcp daemon restart, which sets it aside and continues with what can be read'

/** Repairs the journal as the next daemon would: the damaged file is kept, and the losses are recorded with its path. */
async function mendNow(path: string, environment: Environment): Promise<void> {
  if (await connectRunningDaemon(environment))
    throw new SubagentError('io-failed', `a daemon has the journal open: ${restartDaemon}`)
  try {
    repairJournal(path, Date.now)
  } catch (cause) {
    throw new SubagentError('io-failed', `cannot repair ${path}: ${String(cause)}`, { cause })
  }
}

/** Returns a finding for each loss that the journal has recorded and the user has not confirmed. */
function recordedLosses(path: string): DoctorFinding[] {
  return readDataLosses(path).map((loss) => ({
    severity: 'warning',
    what: `lost: ${describeDataLoss(loss)}`,
    mend: 'nothing brings it back; this confirms that you know of it',
    fix: () => {
      confirmDataLosses(path, Date.now())
      return Promise.resolve()
    },
  }))
}
