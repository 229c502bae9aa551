import { SubagentError } from '@subagent-mcp/contract'
import {
  getFactAgentId,
  createAgentFilterForViewer,
  type Agent,
  type Fact,
  type JournaledFactReader,
  type AgentsState,
  type Supervisor,
} from '@subagent-mcp/core'
import type { RequestingProcess } from '@subagent-mcp/api'
import { createTakenBatchOwners, namelessAgentSender, limitMailboxToAgent } from './limit-mailbox-to-agent.js'
import type { DaemonPort } from '../daemon-port.js'

/**
 * Returns a function that limits the daemon to the part that one HTTP client may see and use. People and programs of hosts get the
 * whole daemon. An agent that uses the API from its shell gets only its own agents, their permission requests, and its own
 * messages, so that no route has to check ownership. The MCP tools decide by the same rule which agents belong to an agent.
 */
export function createClientPortLimiter(
  all: DaemonPort,
): (asker: RequestingProcess | undefined) => DaemonPort {
  const takes = createTakenBatchOwners()
  return (asker) => {
    const depth = asker ? all.depthOf(asker) : 0
    return asker && depth > 0 ? ownPort(all, { asker, depth, takes }) : all
  }
}

type Inside = { asker: RequestingProcess; depth: number; takes: ReturnType<typeof createTakenBatchOwners> }

function ownPort(port: DaemonPort, { asker, depth, takes }: Inside): DaemonPort {
  const { supervisor, kept } = port
  const process = port.findEnclosingChild(asker)
  const isOwnIn = (all: AgentsState): ((agent: Agent) => boolean) =>
    createAgentFilterForViewer(all, { depth, ...(process && { process }) })
  const isOwnId = (id: string): boolean => {
    const agent = supervisor.state().agents.get(id)
    return agent !== undefined && isOwnIn(supervisor.state())(agent)
  }
  return {
    ...port,
    supervisor: ownSupervisor(supervisor, isOwnIn),
    mailbox: limitMailboxToAgent(port.mailbox, { own: port.mailboxOf(asker) ?? namelessAgentSender, takes }),
    history: ownHistory(port.history, isOwnId),
    worktrees: ownWorktrees(port.worktrees, isOwnId),
    records: ({ limit, ...query }) =>
      port
        .records({ ...query, limit: mostRecords })
        .filter(({ agentId }) => isOwnId(agentId))
        .slice(-limit),
    // The process that connects counts as the asking process, whatever the request's body names.
    depthOf: () => depth,
    mailboxOf: () => port.mailboxOf(asker),
    findEnclosingChild: () => process,
    connect: ({ environment, ...client }) =>
      port.connect({ ...client, pid: asker.pid, environment: { ...environment, ...asker.environment } }),
    usage: () => {
      throw needsPerson('does not see the usage of others', 'usage')
    },
    recap: () => Promise.reject(needsPerson('does not see what others did', 'recap')),
    search: () => Promise.reject(needsPerson('does not search what others wrote', 'search')),
    // A sub-agent cannot start workers, so none is its own.
    workers: { ...port.workers, list: () => [] },
    kept: {
      ...kept,
      list: () => [],
      fleet: () => ({ workers: [] }),
      stop: () => Promise.resolve(false),
      down: () => Promise.reject(needsPerson('ends no fleet', 'fleet down')),
    },
    checkStop: () => {
      throw needsPerson('may not stop the daemon', 'daemon stop')
    },
  }
}

/** The number of the newest lines of the audit log in which lines about an agent are searched. */
const mostRecords = 10_000

function ownSupervisor(
  supervisor: Supervisor,
  isOwnIn: (fleet: AgentsState) => (agent: Agent) => boolean,
): Supervisor {
  const own = (): AgentsState => {
    const fleet = supervisor.state()
    const isOwn = isOwnIn(fleet)
    // Not part of the object literal below, because the compiler would compare its type with each of the overloads for seconds.
    const [agents, open] = [fleet.agents.filter(isOwn), fleet.open.filter(isOwn)]
    const unsettled = fleet.unsettled.filter(isOwn)
    return { ...fleet, agents, open, unsettled }
  }
  return {
    ...supervisor,
    state: own,
    subscribe: (listener) =>
      supervisor.subscribe((fact, seq) => {
        if (isOwnFact(fact, own)) listener(fact, seq)
      }),
  }
}

/** Whether a client may see a fact: one about its own agents, or about no agent. Facts about callers are hidden. */
function isOwnFact(fact: Fact, own: () => AgentsState): boolean {
  const agentId = getFactAgentId(fact)
  return agentId === undefined ? tellsNothing.includes(fact.type) : own().agents.has(agentId)
}

const tellsNothing: readonly Fact['type'][] = ['agents-pruned', 'machine-measured', 'drain-started']

function ownHistory(
  { read, lastSeq }: JournaledFactReader,
  isOwnId: (id: string) => boolean,
): JournaledFactReader {
  return {
    lastSeq,
    read: (query) => {
      const { facts, next } = read(query)
      const own = facts.filter(({ fact }) => isOwnId(getFactAgentId(fact)))
      return { facts: own, next }
    },
  }
}

/** The worktrees of the agents that an agent launched. Other worktrees look as if they did not exist. */
function ownWorktrees(
  { changes, list }: DaemonPort['worktrees'],
  isOwnId: (id: string) => boolean,
): DaemonPort['worktrees'] {
  return {
    changes: async (id) => {
      if (isOwnId(id)) return changes(id)
      throw new SubagentError('unknown-agent', `no agent '${id}'`, {
        hint: 'name an agent that you launched',
      })
    },
    list: async () => (await list()).filter(({ id }) => isOwnId(id)),
  }
}

function needsPerson(what: string, command: string): SubagentError {
  return new SubagentError('needs-person', `a sub-agent ${what}`, {
    hint: `let the user do it: subagent-mcp ${command}`,
  })
}
