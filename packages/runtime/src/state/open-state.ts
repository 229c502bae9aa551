import { SubagentError, systemClock } from '@subagent-mcp/contract'
import { readFact, type DurableFact, type Supervisor } from '@subagent-mcp/core'
import { killLeftovers, ownerIsAlive, startTime, pidScope } from '@subagent-mcp/driver-kit'
import {
  describeLoss,
  openJournal,
  openSearchIndex,
  type StoredFact,
  type Journal,
  type JournalOwner,
} from '@subagent-mcp/journal'
import { countedWakes, expectWake } from '@subagent-mcp/orchestration'
import { join } from 'node:path'
import { keepAgentHints } from './agent-hints.js'
import { factHistory, factJournal } from './fact-journal.js'
import { permissionRecords } from './permission-records.js'
import { journalMachine } from './machine.js'
import { openLater } from './open-later.js'
import type { RuntimeState } from './state.js'

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
  const search = openLater(() => openSearchIndex(join(folder, 'search.db')))
  return {
    source,
    journal: factJournal(source, log),
    history: factHistory(source),
    records: (query) => permissionRecords(source.records(query)),
    size: source.size,
    usage: source.usage,
    searchIndex: search.open,
    hasAgent: (agentId) => source.read({ agentId, limit: 1 }).length > 0,
    answersFolder: join(folder, 'answers'),
    machine: journalMachine(source, log),
    recover: (supervisor) => (role === 'in-process' ? Promise.resolve() : recover(source, supervisor, log)),
    maxWakes,
    untypedTurns: (processes) => ({
      limit: maxWakes,
      count: () => countedWakes(folder, processes),
      expect: () => {
        try {
          expectWake(folder)
        } catch (error) {
          if (!(error instanceof Error && 'code' in error)) throw error
          log(`turns that nobody types are not counted: ${error.message}`)
        }
      },
    }),
    // Only a daemon sees the agents of all hosts.
    ...(role === 'daemon' && {
      keepHints: (supervisor) => keepAgentHints({ supervisor, folder, maxWakes, log }),
    }),
    forgetOld: source.retain,
    close: () => {
      search.close()
      source.close()
    },
  }
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
function openOwnJournal({ folder, role, version = '0.0.0', nonce = '', log }: JournalParts): Journal {
  const kind: JournalOwner['kind'] = role === 'daemon' ? 'daemon' : 'in-process'
  const self = { pid: process.pid, startTime: startTime(process.pid) ?? '-', place: pidScope() }
  return openJournal({
    path: join(folder, 'journal.db'),
    owner: { ...self, kind, version, nonce },
    isAlive: ownerIsAlive,
    onForeign: (agentIds) => {
      log(
        `another daemon has taken over ${agentIds.join(', ')}: further events of it in this process are not stored`,
      )
    },
    onLoss: (loss) => {
      log(`something that was acknowledged is gone: ${describeLoss(loss)}`)
    },
    onMarkProblem: (problem) => {
      log(`${problem}; until it can be, a loss of the journal may not be noticed`)
    },
    now: systemClock.now,
  })
}

async function recover(journal: Journal, supervisor: Supervisor, log: (line: string) => void): Promise<void> {
  try {
    const { owners, entries } = journal.adopt()
    supervisor.adopt(factsOf(entries))
    if (owners.length === 0) return
    const ended = await killLeftovers(owners.flatMap(({ nonce }) => (nonce === '' ? [] : [nonce])))
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

function* factsOf(entries: Iterable<StoredFact>): Iterable<DurableFact> {
  for (const { body } of entries) {
    const fact = readFact(body)
    if (fact) yield fact
  }
}
