import type { MailServers, RecentValues } from './mail-servers.js'
import { formatMessageFilter, parseMessageSubject, type MessageSubject } from './jetstream/subjects.js'

type Roles = Pick<MessageSubject, 'opens' | 'addsSender' | 'addsReceiver'>
type Parts = { servers: MailServers; members: RecentValues<ReadonlySet<string>> }

/**
 * Whether a message opens its thread, and which of its agents had no part in it before. It is read before the message is sent, so
 * of two messages that are sent in parallel both may get the same answer.
 */
export async function findThreadRoles(
  { servers, members }: Parts,
  thread: string,
  { from, to }: { from: string; to: string },
): Promise<Roles> {
  const known = members.get(thread) ?? (await lastMembers(servers, thread))
  if (known === undefined) return { opens: true, addsSender: from !== to, addsReceiver: true }
  const [isSenderNew, isReceiverNew] = await Promise.all(
    [from, to].map(async (agent) => !known.has(agent) && !(await isMember(servers, thread, agent))),
  )
  return {
    opens: false,
    addsSender: isSenderNew === true && from !== to,
    addsReceiver: isReceiverNew === true,
  }
}

/** The agents of the last message of a thread; `undefined` for a new thread. */
async function lastMembers(
  { store, names }: MailServers,
  thread: string,
): Promise<ReadonlySet<string> | undefined> {
  const last = await store.last(names.archive, formatMessageFilter(names.prefix, { thread }))
  if (last === undefined) return undefined
  const { to, from } = parseMessageSubject(last.subject)
  return new Set([to, from].filter((name) => name !== 'mailbox'))
}

async function isMember({ store, names }: MailServers, thread: string, agent: string): Promise<boolean> {
  const found = await Promise.all(
    [{ to: agent }, { from: agent }].map((role) =>
      store.last(names.archive, formatMessageFilter(names.prefix, { thread, ...role })),
    ),
  )
  return found.some((stored) => stored !== undefined)
}
