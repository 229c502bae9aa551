import { createDebouncedCall, createEffectQueue, systemClock } from '@subagent-mcp/contract'
import { defaultRoutingTable } from '@subagent-mcp/routing'
import { randomBytes, randomUUID } from 'node:crypto'
import { defaultSupervisorLimits, type SupervisorLimits } from '../capacity/supervisor-limits.js'
import { computeSupervisorLoad } from '../capacity/supervisor-load.js'
import { emptySupervisorLoad } from '../capacity/machine-state.js'
import { createFactWriter, type FactJournal } from '../journal/fact-writer.js'
import { createMemoryJournal } from '../journal/memory-journal.js'
import { readTurnTextFromFacts } from '../journal/turn-text.js'
import { passResultUnchecked } from '../checks/turn-check-runner.js'
import { isQuestionTimerCurrent } from '../questions/questions.js'
import { createToolCallJudge } from '../questions/tool-call-judge.js'
import { createQuestionDecider } from '../questions/question-decider.js'
import { createUserPermissionPrompts } from '../questions/user-permission-prompts.js'
import { selectNewReports } from '../requests/agent-wait-outcome.js'
import { isTurnTimerCurrent } from '../agent/turn-clock.js'
import type { Fact } from '../state/fact.js'
import { createEmptyAgentsState, type AgentsState } from '../state/agents-state.js'
import { replayFactHistory, hasAgentPhaseChanged, reduceAgents } from '../state/reduce-agents.js'
import { createEffectRunner, type EffectRunnerOptions } from './run-effects.js'
import type {
  FactListener,
  MachinePort,
  SupervisorOptionName,
  Supervisor,
  SupervisorOptions,
} from './supervisor.js'

/** Creates a supervisor: the state of all agents, a reducer, and the effects on drivers, clock and journal. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { limits, journal, machine, ports, ...given } = withDefaults(options)
  const { drivers, clock, judge } = given
  let state = createEmptyAgentsState(limits, sharedProviders(drivers))
  const listeners = new Set<FactListener>()
  const writer = createFactWriter({ journal, clock })
  const prompts = createUserPermissionPrompts({ clock, dispatch, state: () => state })
  const ruleQuestion = createQuestionDecider({ clock, state: () => state, judge, limits, prompts })
  const measure: Supervisor['measure'] = (what) => {
    const freeMemory = what === 'load' ? state.machine.freeMemory : machine.freeMemory()
    dispatch({ type: 'machine-measured', at: clock.now(), machine: { freeMemory, others: machine.others() } })
  }
  const own = { dispatch, measure, prompts, ruleQuestion }
  const queue = createEffectQueue(createEffectRunner({ ...given, ...ports, ...own }))

  function dispatch(fact: Fact): void {
    if (isStale(state, fact)) return
    const before = state
    const [next, ...effects] = reduceAgents(before, fact)
    const seq = writer.write(fact, before, next)
    state = next
    if (hasAgentPhaseChanged(before, next, fact) || fact.type === 'pool-changed') publishing.request()
    // Before the effects run: the facts that they dispatch must reach listeners later.
    for (const listener of listeners) listener(fact, seq)
    queue.add(effects)
    queue.run()
  }

  const publish = (): void => machine.publish(computeSupervisorLoad(state, clock.now()))
  const publishing = createDebouncedCall(clock, publishAfter, publish)

  return {
    ...given,
    addPromptHandler: prompts.addHandler,
    ...{ dispatch, measure, flush: writer.flush, isJournaled: writer.isWritten },
    readText: (agentId, turn) => readTurnTextFromFacts(writer.factsOf(agentId), turn),
    state: () => state,
    adopt: (history) => {
      const { adopted, openIds } = replayFactHistory(state, history)
      state = adopted
      for (const agentId of openIds) dispatch({ type: 'recovered', at: clock.now(), agentId })
      const received = openIds.filter((id) => isReceivedTask(state, id))
      if (received.length > 0) dispatch({ type: 'agents-pruned', at: clock.now(), agentIds: received })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

type Parts = Pick<Supervisor, SupervisorOptionName | 'drivers'> & {
  limits: SupervisorLimits
  journal: FactJournal
  machine: MachinePort
  ports: Pick<
    EffectRunnerOptions,
    'pool' | 'checkTurn' | 'beforeSession' | 'beforeTurn' | 'findLocalMcpServer'
  >
}

function withDefaults({ drivers, limits, unanswered, pool, ...options }: SupervisorOptions): Parts {
  return {
    drivers: new Map(drivers.map((driver) => [driver.id, driver])),
    environmentOf: options.environmentOf ?? (() => process.env),
    accounts: options.accounts ?? {},
    routingOf: options.routingOf ?? defaultRoutingTable,
    clock: options.clock ?? systemClock,
    ids: options.ids ?? { agent: createRandomAgentId, message: randomUUID },
    judge: options.judge ?? createToolCallJudge(),
    defaultPermissions: options.defaultPermissions ?? 'ask',
    ...(unanswered && { unanswered }),
    ports: {
      pool,
      checkTurn: options.checkTurn ?? passResultUnchecked,
      beforeSession: options.beforeSession,
      beforeTurn: options.beforeTurn,
      findLocalMcpServer: options.findLocalMcpServer,
    },
    limits: { ...defaultSupervisorLimits, ...limits },
    journal: options.journal ?? createMemoryJournal(),
    machine: options.machine ?? {
      freeMemory: () => process.availableMemory(),
      others: () => emptySupervisorLoad,
      publish: () => undefined,
    },
  }
}

/** Returns a random agent id of four letters and digits, without those that models confuse. */
export function createRandomAgentId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  return [...randomBytes(4)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

/** Whether all reports of a task have been delivered, so that the task can be deleted. */
function isReceivedTask(state: AgentsState, id: string): boolean {
  const agent = state.agents.get(id)
  return (
    agent?.profile.pool !== undefined &&
    selectNewReports(state, agent.profile.caller, agent).reports.length === 0
  )
}

function sharedProviders(drivers: Supervisor['drivers']): ReadonlySet<string> {
  return new Set([...drivers.values()].flatMap(({ id, sharesProcess }) => (sharesProcess ? [id] : [])))
}

/** The milliseconds after a change of this supervisor's load until the load is published to other supervisors. */
const publishAfter = 50

/** Whether a fact came too late: its agent is deleted, or its timer belongs to an earlier turn, question or idle time. */
function isStale({ agents }: AgentsState, fact: Fact): boolean {
  if (!('agentId' in fact)) return false
  const phase = agents.get(fact.agentId)?.phase
  if (phase === undefined) return true
  if (fact.type === 'question-expired') return !isQuestionTimerCurrent(phase, fact)
  if (fact.type === 'turn-expired')
    return (
      (phase.status !== 'working' && phase.status !== 'checking') || !isTurnTimerCurrent(phase.turn, fact)
    )
  return (
    fact.type === 'idle-expired' && (phase.status !== 'idle' || phase.since !== (fact.since ?? phase.since))
  )
}
