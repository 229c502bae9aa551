import { SubagentError } from '@subagent-mcp/contract'
import type { Batch } from '@subagent-mcp/mailbox'
import { api } from '@subagent-mcp/api'
import type { WorkerConnections } from '../workers/worker-connections.js'
import { senderOf } from './mail-sender.js'
import type { DaemonPort } from '../port.js'
import { route, type Call, type Route } from '../http/route.js'

/** What can be asked of the mailbox. */
export function mailRoutes(port: DaemonPort, workers: WorkerConnections): Route[] {
  const { mailbox } = port
  return [
    ...sendingRoutes(port, workers),
    ...takingRoutes(port, workers),
    route(api.mailAgents, async () => ({ agents: [...(await mailbox.agents())] })),
    ...listRoutes(port),
    route(api.reviveLetter, async ({ params }) => ({ message: await mailbox.revive(params.id) })),
  ]
}

function listRoutes({ mailbox }: DaemonPort): Route[] {
  return [
    route(api.mailInbox, async ({ query: { agent, ...page } }) => {
      const messages = [...(await mailbox.inbox(agent, page))]
      return { messages, total: await mailbox.count({ of: 'inbox', agent }) }
    }),
    route(api.mailThreads, async ({ query: { limit: _, ...whose }, query }) => {
      const threads = [...(await mailbox.threads(query))]
      return { threads, total: await mailbox.count({ of: 'threads', ...whose }) }
    }),
    route(api.mailThread, async ({ params: { id }, query }) => {
      const messages = [...(await mailbox.thread(id, query))]
      return { messages, total: await mailbox.count({ of: 'thread', id }) }
    }),
    route(api.deadLetters, async ({ query: { limit: _, ...whose }, query }) => {
      const messages = [...(await mailbox.dead(query))]
      return { messages, total: await mailbox.count({ of: 'dead', ...whose }) }
    }),
  ]
}

function sendingRoutes(port: DaemonPort, workers: WorkerConnections): Route[] {
  const { mailbox } = port
  return [
    route(api.sendMail, ({ body: { from, environment: _, pid: _pid, ...order }, body }) =>
      mailbox.send({ ...order, from: senderOf(port, workers, body) }),
    ),
    route(api.replyToMail, ({ params, body }) =>
      mailbox.reply({ message: params.id, body: body.body, from: senderOf(port, workers, body) }),
    ),
    route(api.publishEvent, ({ body: { from, environment: _, pid: _pid, ...order }, body }) =>
      mailbox.publish({ ...order, from: senderOf(port, workers, body) }),
    ),
  ]
}

function takingRoutes(port: DaemonPort, workers: WorkerConnections): Route[] {
  const { mailbox } = port
  return [
    route(api.nextMail, async ({ body }, call) => {
      const ask = (signal: AbortSignal): Promise<Batch | undefined> => mailbox.next(body, signal)
      const batch = await workers.take({ instance: body.instance, signal: call.signal, ask })
      if (!batch) return {}
      giveBackUnlessSent(port, batch, call)
      return { batch }
    }),
    route(api.renewTake, async ({ params, body }) => ({
      held: await mailbox.renew(params.id, body.leaseMs),
    })),
    route(api.acknowledgeTake, async ({ params, body }) => ({
      ids: [...(await mailbox.acknowledge(params.id, body.ids))],
    })),
    route(api.releaseTake, async ({ params, body }) => {
      await mailbox.release(params.id, body)
      return {}
    }),
    route(api.readMail, async ({ body }) => ({ messages: [...(await mailbox.read(body))] })),
  ]
}

/** Who has hung up has nothing of it, and the next who asks need not wait for the end of the lease. */
function giveBackUnlessSent(port: DaemonPort, { take }: Batch, { response, signal }: Call): void {
  const giveBack = (): void => {
    if (!response.writableFinished) void release(port, take)
  }
  if (signal.aborted) giveBack()
  else response.once('close', giveBack)
}

async function release({ mailbox, log }: DaemonPort, take: string): Promise<void> {
  try {
    await mailbox.release(take)
  } catch (error) {
    // The lease ends by itself.
    if (!(error instanceof SubagentError)) throw error
    log(`mailbox: ${error.message}`)
  }
}
