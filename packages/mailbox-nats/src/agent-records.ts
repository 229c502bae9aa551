import type { MailRegistration } from '@subagent-mcp/mailbox'
import { createNameTakenRefusal, type MailCommand, type MailOutcome } from '@subagent-mcp/mailbox/backing'
import { setTimeout as pause } from 'node:timers/promises'
import { endMailLease } from './queue/finish-take.js'
import type { MailServers } from './mail-servers.js'
import { readAgentQueues } from './queue/queue-lists.js'
import { createWriteId } from './queue/queue-records.js'
import { AgentRecord, decodeRecord } from './jetstream/records.js'
import { formatAgentSubject } from './jetstream/subjects.js'
import { readRecordsOfRange, type StoredRecord } from './jetstream/store.js'

/** Reads the record of an agent. */
export async function readAgentRecord(
  { store, names }: MailServers,
  name: string,
): Promise<{ agent: AgentRecord; seq: number } | undefined> {
  const stored = await store.last(names.records, formatAgentSubject(names.prefix, name))
  return stored && agentFrom(stored)
}

/** Reads the records of all agents, sorted by name. */
export async function readAgentRecords({ store, names }: MailServers): Promise<AgentRecord[]> {
  const agents: AgentRecord[] = []
  const filter = formatAgentSubject(names.prefix)
  for await (const stored of readRecordsOfRange(store, { stream: names.records, filter })) {
    const found = agentFrom(stored)
    if (found) agents.push(found.agent)
  }
  return agents.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function agentFrom({ data, seq }: StoredRecord): { agent: AgentRecord; seq: number } | undefined {
  const agent = decodeRecord(AgentRecord, data)
  return agent && { agent, seq }
}

/** Changes the record of an agent by compare-and-set. `step` gets the record, and returns `undefined` for no change. */
export async function changeAgentRecord(
  servers: MailServers,
  name: string,
  step: (agent: AgentRecord) => AgentRecord | undefined,
): Promise<AgentRecord> {
  const { store, names } = servers
  const subject = formatAgentSubject(names.prefix, name)
  let write = ''
  for (;;) {
    const { agent, seq } = (await readAgentRecord(servers, name)) ?? { agent: unregistered(name), seq: 0 }
    if (write !== '' && agent.write === write) return agent
    const next = step(agent)
    if (next === undefined) return agent
    write = createWriteId()
    const record = { ...next, write, lastSeenAt: Math.floor(servers.now()) }
    if ((await store.put({ subject, record, expectedSeq: seq })) !== undefined) return record
    await pause(Math.random() * 20)
  }
}

/** An agent that only sent messages has no project and no topics. */
function unregistered(name: string): AgentRecord {
  const about = { project: '', capabilities: [], topics: [], wakes: 'high', lastSeenAt: 0 } as const
  return { v: 1, write: '', name, ...about, capabilities: [], topics: [], handlers: [] }
}

/** Registers an agent and one handler. */
export async function registerAgent(
  servers: MailServers,
  command: MailCommand<'register'>,
): Promise<MailOutcome> {
  const { name, handler, keeper } = command
  let refused: MailOutcome | undefined
  await changeAgentRecord(servers, name, (agent) => {
    const others = agent.handlers.filter(({ instance }) => instance !== handler.instance)
    const [other] = others
    const isTaken = other !== undefined && agent.project !== command.project
    refused = isTaken ? createNameTakenRefusal(name, { ...other, project: agent.project }) : undefined
    if (isTaken) return undefined
    const handlers = [...others, { ...handler, keeper }].toSorted((one, two) =>
      one.instance < two.instance ? -1 : 1,
    )
    return { ...agent, ...about(command), handlers }
  })
  await servers.hints.prepare(name)
  return refused ?? { type: 'done', changed: [name] }
}

function about({
  project,
  provider,
  capabilities,
  topics,
  wakes,
}: Omit<MailRegistration, 'handler' | 'name'>) {
  const lists = { capabilities: [...capabilities], topics: [...topics] }
  return { project, ...lists, wakes, ...(provider !== undefined && { provider }) }
}

/** Removes handlers. What they hold counts a failed try, because it may be what ended them. */
export async function removeHandlers(
  servers: MailServers,
  { instances, maxTries }: MailCommand<'leave'>,
  takersOf: (instance: string) => readonly string[],
): Promise<MailOutcome> {
  const gone = new Set(instances)
  const registered = (await readAgentRecords(servers)).filter(({ handlers }) =>
    handlers.some(({ instance }) => gone.has(instance)),
  )
  // An instance that never registered can have taken messages, too.
  const names = new Set([...registered.map(({ name }) => name), ...instances.flatMap(takersOf)])
  const rules = { ...servers.rules, maxTries }
  const changed: string[] = []
  for (const agent of names) {
    const isGone = (instance: string | undefined): boolean => instance !== undefined && gone.has(instance)
    const held = (await readAgentQueues(servers, agent)).filter(({ lease }) => isGone(lease?.instance))
    for (const { thread } of held) {
      const failing = { failure: 'its handler ended', rules, pauses: false }
      const freeing = {
        isLease: (record: (typeof held)[number]) => isGone(record.lease?.instance),
        ids: null,
        failing,
      }
      changed.push(...(await endMailLease(servers, { agent, thread }, freeing)).changed)
    }
    if (registered.some(({ name }) => name === agent))
      await changeAgentRecord(servers, agent, (record) => {
        const handlers = record.handlers.filter(({ instance }) => !isGone(instance))
        return handlers.length === record.handlers.length ? undefined : { ...record, handlers }
      })
    changed.push(agent)
  }
  return { type: 'done', changed: [...new Set(changed)] }
}
