import { SubagentError, systemClock } from '@subagent-mcp/contract'
import {
  getFactAgentId,
  parseJournaledFact,
  convertSnapshotToFact,
  stateSnapshotFormat,
  type Fact,
  type Supervisor,
} from '@subagent-mcp/core'
import {
  killOrphanedProcesses,
  isOwnerProcessAlive,
  readProcessStartTime,
  getPidScope,
} from '@subagent-mcp/driver-kit'
import {
  describeDataLoss,
  openJournal,
  openSearchIndex,
  readSnapshotsOfFile,
  type AdoptedAgentFacts,
  type Journal,
  type JournalOwner,
  type LoadedSnapshots,
} from '@subagent-mcp/journal'
import { countUnpromptedTurns, expectUnpromptedTurn } from '@subagent-mcp/orchestration'
import { join } from 'node:path'
import { runAndLogFailure } from '../log-failure.js'
import { startAgentHintFiles } from './agent-hint-files.js'
import { readFactsFromJournal, storeFactsInJournal } from './fact-journal.js'
import { startSnapshotWriter, type SnapshotWriter } from './snapshot-writer.js'
import { readPermissionAuditLog } from './read-permission-audit-log.js'
import { createMachineMonitor } from './machine-monitor.js'
import { createLazyResource } from './lazy-resource.js'
import type { RuntimeState } from './runtime-state.js'

/** The folder and the role with which a state is opened. */
export type StateOptions = {
  folder: string
  /**
   * The kind of this process. `embedded` (default): a program that takes over the agents of dead runtimes, and refuses to open the
   * folder of a running daemon. `daemon`: a daemon, which takes over agents only after the earlier daemon has ended. `in-process`: a
   * server that shares the folder with daemons and takes over no agents.
   */
  role?: 'embedded' | 'daemon' | 'in-process'
  version?: string
  /** The nonce of the drivers' watchdog, by which a later runtime finds processes that this one left. */
  nonce?: string
  /** The result of `readStateSnapshots`, if a check of the journal has ended after it and has found no damage. Default: the opening checks. */
  checkedSnapshots?: LoadedSnapshots | undefined
  /** The most turns in a row of a host session that no person typed. Default: 10. */
  maxWakes?: number
  log?: (line: string) => void
}

/** The state of a runtime in a folder, with its journal. */
export type FolderState = RuntimeState & { source: Journal }

/**
 * Opens the state of a runtime in a folder, which is created if it is missing. Other processes may have the same state open.
 * @throws SubagentError `io-failed` if the journal cannot be opened, `already-running` in the folder of a running daemon
 */
export function openState(options: StateOptions): FolderState {
  const { folder, role = 'embedded', maxWakes = 10, log = () => undefined } = options
  const source = openOwnJournal({ ...options, role, log })
  if (role === 'embedded') refuseDaemons(source, folder)
  let snapshots: SnapshotWriter | undefined
  const search = createLazyResource(() => openSearchIndex(join(folder, 'search.db')))
  return {
    ...{ source, journal: storeFactsInJournal(source, log), history: readFactsFromJournal(source) },
    records: (query) => readPermissionAuditLog(source.records(query)),
    size: source.size,
    usage: source.usage,
    searchIndex: search.open,
    hasAgent: (agentId) => source.read({ agentId, limit: 1 }).length > 0,
    answersFolder: join(folder, 'answers'),
    machine: createMachineMonitor(source, log),
    recover: async (supervisor) => {
      if (role === 'in-process') return
      const adopted = adopt(source, supervisor, log)
      if (adopted.isWhole) snapshots?.add(adopted.replayed)
      await endOwners(source, adopted, log)
    },
    // Snapshots are for one version. An embedding program that names none may have another the next time. A server in a host has no
    // agents but its own, so what it knows of limits is not for others.
    ...(options.version !== undefined &&
      role !== 'in-process' && {
        keepSnapshots: (supervisor) => {
          snapshots = startSnapshotWriter({ supervisor, journal: source, log })
          return snapshots.stop
        },
      }),
    maxWakes,
    untypedTurns: (processes) => ({
      ...{ limit: maxWakes, count: () => countUnpromptedTurns(folder, processes) },
      expect: () =>
        runAndLogFailure('turns that nobody types are not counted', () => expectUnpromptedTurn(folder), log),
    }),
    // Only a daemon sees the agents of all hosts.
    ...(role === 'daemon' && {
      keepHints: (supervisor) => startAgentHintFiles({ supervisor, folder, maxWakes, log }),
    }),
    forgetOld: source.retain,
    close: () => {
      search.close()
      source.close()
    },
  }
}

/** Reads the snapshots of a version in a folder, while others check the journal. Returns `undefined` if they cannot be read. */
export function readStateSnapshots(folder: string, version: string): LoadedSnapshots | undefined {
  return readSnapshotsOfFile(journalPath(folder), snapshotVersionOf(version))
}

function journalPath(folder: string): string {
  return join(folder, 'journal.db')
}

function snapshotVersionOf(version: string): string {
  return `${version} ${stateSnapshotFormat}`
}

/** Checks that no daemon uses the folder. @throws SubagentError `already-running` */
function refuseDaemons(journal: Journal, folder: string): void {
  const daemon = journal.others().find(({ kind }) => kind === 'daemon')
  if (daemon === undefined) return
  journal.close()
  throw new SubagentError('already-running', `daemon ${daemon.pid} keeps its agents in ${folder}`, {
    hint: 'use another folder, or connect to that daemon',
  })
}

type JournalParts = Required<Pick<StateOptions, 'folder' | 'role' | 'log'>> & StateOptions

/** Opens the journal as this process, identified by pid, start time and pid namespace. */
function openOwnJournal({
  folder,
  role,
  version = '0.0.0',
  nonce = '',
  checkedSnapshots,
  log,
}: JournalParts): Journal {
  const kind: JournalOwner['kind'] = role === 'daemon' ? 'daemon' : 'in-process'
  const self = { pid: process.pid, startTime: readProcessStartTime(process.pid) ?? '-', place: getPidScope() }
  return openJournal({
    path: journalPath(folder),
    owner: { ...self, kind, version, nonce },
    snapshotVersion: snapshotVersionOf(version),
    checkedSnapshots,
    isAlive: isOwnerProcessAlive,
    onForeign: (agentIds) => {
      log(
        `another daemon has taken over ${agentIds.join(', ')}: further events of it in this process are not stored`,
      )
    },
    onLoss: (loss) => {
      log(`something that was acknowledged is gone: ${describeDataLoss(loss)}`)
    },
    onMarkProblem: (problem) => {
      log(`${problem}; until it can be, a loss of the journal may not be noticed`)
    },
    now: systemClock.now,
  })
}

/**
 * The dead owners, the ids of their agents that have no snapshot of their last fact, and whether all their agents were taken over:
 * otherwise these are in the journal only, until a later start has repaired its file.
 */
type Adopted = { owners: AdoptedAgentFacts['owners']; replayed: ReadonlySet<string>; isWhole: boolean }

/** Takes over agents of dead owners. Returns the owners also where damage prevents it, so that their processes are killed. */
function adopt(journal: Journal, supervisor: Supervisor, log: (line: string) => void): Adopted {
  const replayed = new Set<string>()
  const note = (fact: Fact): Fact => {
    const agentId = getFactAgentId(fact)
    if (agentId !== undefined) replayed.add(agentId)
    return fact
  }
  let owners: Adopted['owners'] = []
  try {
    const adopted = journal.adopt()
    owners = adopted.owners
    supervisor.adopt(historyOf(adopted.entries, note))
    return { owners, replayed, isWhole: true }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot take over from an earlier daemon: ${error.message}`)
    return { owners, replayed, isWhole: false }
  }
}

/** Kills the processes that dead owners left, and deletes these owners if their agents were taken over. */
async function endOwners(
  journal: Journal,
  { owners, isWhole }: Adopted,
  log: (line: string) => void,
): Promise<void> {
  if (owners.length === 0) return
  try {
    const ended = await killOrphanedProcesses(owners.flatMap(({ nonce }) => (nonce === '' ? [] : [nonce])))
    if (!isWhole) return
    journal.deleteOwners(owners)
    const who = owners.map(({ kind, pid }) => `${kind} ${pid}`).join(', ')
    log(
      `took over from ${who}, which had crashed; ${ended} of its processes were still running, and were ended`,
    )
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot take over from an earlier daemon: ${error.message}`)
  }
}

function* historyOf(entries: AdoptedAgentFacts['entries'], note: (fact: Fact) => Fact): Iterable<Fact> {
  for (const entry of entries) {
    const fact = 'snapshot' in entry ? convertSnapshotToFact(entry.snapshot) : parseJournaledFact(entry.body)
    if (fact) yield 'snapshot' in entry ? fact : note(fact)
  }
}
