import { SubagentError } from '@subagent-mcp/contract'
import type { Batch } from '@subagent-mcp/mailbox'
import { api } from '../api/api.js'
import type { Attendances } from './attendances.js'
import { senderOf } from './mail-sender.js'
import type { DaemonPort } from './port.js'
import { route, type Call, type Route } from './route.js'

/** What can be asked of the mailbox. */
export function mailRoutes(port: DaemonPort, attendances: Attendances): Route[] {
  const { mailbox } = port
  return [
    ...sendingRoutes(port, attendances),
    ...takingRoutes(port, attendances),
    route(api.mailAgents, async () => ({ agents: [...(await mailbox.agents())] })),
    route(api.mailInbox, async ({ query }) => ({ messages: [...(await mailbox.inbox(query.agent))] })),
    route(api.mailThreads, async ({ query }) => ({ threads: [...(await mailbox.threads(query))] })),
    route(api.mailThread, async ({ params }) => ({ messages: [...(await mailbox.thread(params.id))] })),
    route(api.deadLetters, async ({ query }) => ({ messages: [...(await mailbox.dead(query))] })),
    route(api.reviveLetter, async ({ params }) => ({ message: await mailbox.revive(params.id) })),
  ]
}

function sendingRoutes(port: DaemonPort, attendances: Attendances): Route[] {
  const { mailbox } = port
  return [
    route(api.sendMail, ({ body: { from, environment: _, pid: _pid, ...order }, body }) =>
      mailbox.send({ ...order, from: senderOf(port, attendances, body) }),
    ),
    route(api.replyToMail, ({ params, body }) =>
      mailbox.reply({ message: params.id, body: body.body, from: senderOf(port, attendances, body) }),
    ),
    route(api.publishEvent, ({ body: { from, environment: _, pid: _pid, ...order }, body }) =>
      mailbox.publish({ ...order, from: senderOf(port, attendances, body) }),
    ),
  ]
}

function takingRoutes(port: DaemonPort, attendances: Attendances): Route[] {
  const { mailbox } = port
  return [
    route(api.nextMail, async ({ body }, call) => {
      const batch = await mailbox.next(body, call.signal)
      if (!batch) return {}
      attendances.took(body.instance, batch.take)
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
