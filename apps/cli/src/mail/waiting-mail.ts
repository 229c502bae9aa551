import { isAtLeast, type KnownAgent, type Mailbox, type Message } from '@subagent-mcp/mailbox'
import type { WaitingMail } from './mail-file.js'

/** What waits for hosts, as no worker takes it. @throws SubagentError */
export async function waitingMail(
  mailbox: Pick<Mailbox, 'agents' | 'inbox'>,
): Promise<readonly WaitingMail[]> {
  const found = (await mailbox.agents()).filter(isForHosts).map(async (agent) => {
    const messages = (await mailbox.inbox(agent.name)).filter((message) => isWork(message, agent))
    return describe(agent, messages)
  })
  return (await Promise.all(found)).filter((waiting) => waiting !== undefined)
}

/** A person at a terminal is in no project. */
function isForHosts({ project, handlers }: KnownAgent): boolean {
  return project !== '' && !handlers.some(({ kind }) => kind === 'worker')
}

/** What is held is on its way to somebody, whose end gives it back. */
function isWork({ kind, severity, status }: Message, { wakes }: KnownAgent): boolean {
  if (status !== 'waiting') return false
  return kind !== 'event' || (severity !== undefined && isAtLeast(severity, wakes))
}

function describe({ name, project }: KnownAgent, messages: readonly Message[]): WaitingMail | undefined {
  const newest = messages.at(-1)
  if (newest === undefined) return undefined
  const from = [...new Set(messages.map((message) => message.from.name).reverse())].slice(0, 3)
  return { name, project, waiting: messages.length, newest: newest.id, from }
}
