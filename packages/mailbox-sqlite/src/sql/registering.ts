import { z } from 'zod'
import { type MailCommand, type MailOutcome, createNameTakenRefusal } from '@subagent-mcp/mailbox/backing'
import { countFailedMailTry, selectMessagesHeldBy } from './requeue-mail.js'
import type { MailTransaction } from './mail-transaction.js'

export function applyRegisterMailCommand(
  moment: MailTransaction,
  command: MailCommand<'register'>,
): MailOutcome {
  const { store, at } = moment
  const { name, project, provider, capabilities, topics, wakes, handler, keeper } = command
  const other = store.rows(
    Other,
    `SELECT project, pid, host FROM mailAgents JOIN mailHandlers ON agent = name
      WHERE name = ? AND instance <> ? AND project <> ? LIMIT 1`,
    ...[name, handler.instance, project],
  )[0]
  if (other !== undefined) return createNameTakenRefusal(name, other)
  store.run(
    `INSERT OR REPLACE INTO mailAgents (name, project, provider, capabilities, topics, wakes, lastSeenAt)
      VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[name, project, provider ?? null, JSON.stringify(capabilities), JSON.stringify(topics), wakes, at],
  )
  store.run(
    `INSERT OR REPLACE INTO mailHandlers (instance, agent, kind, pid, startTime, host, keeper)
      VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[handler.instance, name, handler.kind, handler.pid, handler.startTime, handler.host, keeper],
  )
  return { type: 'done', changed: [name] }
}

const Other = z.object({ project: z.string(), pid: z.number(), host: z.string() })

/** Removes handlers. Their messages count a failed try, because they may be what ended the handlers. */
export function applyLeaveMailCommand(
  moment: MailTransaction,
  { instances, maxTries }: MailCommand<'leave'>,
): MailOutcome {
  const changed = instances.flatMap((instance) => leaveOne(moment, instance, maxTries))
  return { type: 'done', changed: [...new Set(changed)] }
}

function leaveOne(moment: MailTransaction, instance: string, maxTries: number): string[] {
  const { store } = moment
  const held = selectMessagesHeldBy(store, instance)
  const told = countFailedMailTry(moment, held, { failure: 'its handler ended', maxTries, dueAt: () => 0 })
  const gone = 'DELETE FROM mailHandlers WHERE instance = ? RETURNING agent'
  const agents = store.rows(AgentRow, gone, instance).map(({ agent }) => agent)
  for (const agent of agents) recordMailAgentRowActivity(moment, agent)
  return [...agents, ...held.map(({ recipient }) => recipient), ...told]
}

const AgentRow = z.object({ agent: z.string() })

/** Sets when an agent was last active. Adds an agent that never registered. */
export function recordMailAgentRowActivity({ store, at, touched }: MailTransaction, name: string): void {
  if (touched.has(name)) return
  touched.add(name)
  const upsert =
    'INSERT INTO mailAgents (name, lastSeenAt) VALUES (?, ?) ON CONFLICT DO UPDATE SET lastSeenAt = ?'
  store.run(upsert, name, at, at)
}
