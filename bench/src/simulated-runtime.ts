import { SubagentError, type Clock } from '@subagent-mcp/contract'
import {
  getFactAgentId,
  createSupervisor,
  disconnectCaller,
  emptySupervisorLoad,
  parseJournaledFact,
  type DurableFact,
  type Supervisor,
} from '@subagent-mcp/core'
import type { DaemonPort } from '@subagent-mcp/daemon'
import type { Journal, NewFact } from '@subagent-mcp/journal'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { noPermissionRules, type CallerPermissions } from '@subagent-mcp/permissions'
import {
  createCallerAgents,
  createCallerChanges,
  createUserReports,
  createInMemoryState,
  disabledWorktrees,
  type CallerDefinitions,
} from '@subagent-mcp/runtime'
import { randomUUID } from 'node:crypto'
import type { SimulatedDriver } from './simulated-driver.js'

/** Creates the runtime of a simulated daemon: composed as the real one, but with one driver and without limits. */
export function simulatedRuntime(driver: SimulatedDriver, { journal, mailbox, clock }: Parts): DaemonPort {
  const supervisor = superviseWith(driver, journal, clock)
  const stalledAfter = 600_000
  const shared = { supervisor, mailbox, stalledAfter, history: historyOf(journal) }
  return {
    ...shared,
    ...{ host: 'bench', version: '0.0.0', environment: {} },
    records: () => [],
    ...{ depthOf: () => 0, mailboxOf: () => undefined, findEnclosingChild: () => undefined },
    connect: ({ cwd }) => {
      const caller = randomUUID()
      const from = { project: cwd, depth: 0, authority }
      supervisor.dispatch({ type: 'caller-connected', at: Date.now(), caller, ...from })
      const own = { supervisor, caller, worktrees: disabledWorktrees }
      const agents = createCallerAgents({
        ...{ ...own, definitions: noDefinitions, kind: 'host', onHostExit: 'keep' },
        folderOf: (folder = cwd) => folder,
      })
      return {
        caller,
        mayLaunch: true,
        port: {
          supervisor,
          stalledAfter,
          agents,
          changes: createCallerChanges({ ...own, isPerson: false, find: agents.find, shared: () => [] }),
          saveText: () => ({ problem: 'nothing is kept here' }),
        },
        disconnect: () => {
          disconnectCaller(supervisor, caller)
        },
      }
    },
    pooled: () => [],
    workers: noWorkers,
    kept: keptNone,
    nativeResume: () => undefined,
    worktrees: disabledWorktrees,
    ...createUserReports({
      ...shared,
      state: { ...createInMemoryState(), usage: journal.usage, history: shared.history },
    }).reports,
    routes: () => Promise.resolve({}),
    journalSize: journal.size,
    stop: () => undefined,
    log: (line) => {
      process.stderr.write(`${line}\n`)
    },
  }
}

function historyOf(journal: Journal): DaemonPort['history'] {
  return {
    read: (query) => {
      const entries = journal.read(query)
      const facts = entries.flatMap(({ seq, body }) => {
        const fact = parseJournaledFact(body)
        return fact ? [{ seq, fact }] : []
      })
      return { facts, next: entries.length < query.limit ? undefined : entries.at(-1)?.seq }
    },
    lastSeq: journal.lastSeq,
  }
}

type Parts = { journal: Journal; mailbox: Mailbox; clock: Clock }

const noWorkers: DaemonPort['workers'] = {
  start: () => Promise.reject(new Error('there are no workers here')),
  check: () => Promise.reject(new Error('there are no workers here')),
  list: () => [],
  isClosing: () => false,
  close: () => Promise.resolve(),
}

const keptNone: DaemonPort['kept'] = {
  begin: () => undefined,
  isUp: () => false,
  list: () => [],
  fleet: () => ({ workers: [] }),
  up: () => ({ workers: [] }),
  down: () => Promise.resolve([]),
  keep: () => Promise.reject(new Error('there are no workers here')),
  stop: () => Promise.resolve(false),
  letGo: () => undefined,
}

const noDefinitions: CallerDefinitions = {
  launchTemplate: refuseAgent,
  warm: refuseAgent,
  list: () => [],
  reset: () => Promise.resolve(0),
  onDefinitionsChange: () => () => undefined,
}

function refuseAgent(name: string): never {
  throw new SubagentError('unknown-definition', `${name}: no agent is defined here`)
}

const authority: CallerPermissions = { preset: 'accept-edits', rules: noPermissionRules }

function superviseWith(driver: SimulatedDriver, journal: Journal, clock: Clock): Supervisor {
  let published = ''
  return createSupervisor({
    ...{ drivers: [driver], clock },
    environmentOf: () => ({}),
    journal: {
      append: (facts) => journal.append(facts.map(entryOf)),
      forget: journal.forget,
      factsOf: function* (agentId, order) {
        for (const { body } of journal.factsOf(agentId, order)) {
          const fact = parseJournaledFact(body)
          if (fact) yield fact
        }
      },
      onProblem: (error) => {
        throw error
      },
    },
    machine: {
      freeMemory: () => process.availableMemory(),
      others: () => {
        // No other process uses this journal, but asking for their load is part of the cost.
        journal.othersLoad()
        return emptySupervisorLoad
      },
      publish: (load) => {
        const text = JSON.stringify(load)
        if (text !== published) journal.publish(load)
        published = text
      },
    },
    judge: () => ({ verdict: 'ask', by: 'nobody', humanOnly: false }),
    ids: { agent: () => randomUUID().slice(0, 8), message: randomUUID },
  })
}

function entryOf(fact: DurableFact): NewFact {
  const { at, type } = fact
  return { at, type, agentId: getFactAgentId(fact), body: fact }
}
