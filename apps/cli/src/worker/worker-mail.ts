import type { MailClient } from '@subagent-mcp/client'
import type { WorkerMail } from '@subagent-mcp/worker'
import { inTime } from './in-time.js'
import type { KeptAttendance } from './keep-attendance.js'

/** A worker's mailbox over the HTTP API of the daemon. Messages are taken under the current instance id of the worker. */
export function workerMail({ present }: Pick<KeptAttendance, 'present'>): WorkerMail {
  const ask = async <T>(call: (mail: MailClient) => Promise<T>): Promise<T> => {
    const { client } = await present()
    return inTime(call(client.mail))
  }
  return {
    next: async (order, signal) => {
      const { client, instance } = await present()
      return inTime(client.mail.next({ ...order, instance }, signal), order.waitMs + slackMs)
    },
    renew: (take, leaseMs) => ask((mail) => mail.renew(take, leaseMs)),
    acknowledge: (take, ids) => ask((mail) => mail.acknowledge(take, ids)),
    release: (take, order) => ask((mail) => mail.release(take, order)),
    reply: (order) => ask((mail) => mail.reply(order)),
    send: (order) => ask((mail) => mail.send(order)),
    inbox: (agent, page) => ask((mail) => mail.inbox(agent, page)),
    thread: (id, page) => ask((mail) => mail.thread(id, page)),
  }
}

/** The milliseconds that a call may take beyond the time for which it waits for messages. */
const slackMs = 30_000
