import { pageSizes, SubagentError } from '@subagent-mcp/contract'
import type { Batch } from '@subagent-mcp/mailbox'
import { api } from '@subagent-mcp/api'
import type { Attendances } from './attendances.js'
import { senderOf } from './mail-sender.js'
import { createOwnMail, type OwnMail } from './own-mail.js'
import type { DaemonPort } from './port.js'
import { route, type Call, type Route } from './route.js'

/** What can be asked of the mailbox. */
export function mailRoutes(port: DaemonPort, attendances: Attendances): Route[] {
  const { mailbox } = port
  const ownMail = createOwnMail(port, attendances)
  return [
    ...sendingRoutes(port, attendances),
    ...takingRoutes(port, { attendances, ownMail }),
    route(api.mailAgents, async () => ({ agents: [...(await mailbox.agents())] })),
    ...listRoutes(port, ownMail),
    route(api.reviveLetter, async ({ params }) => ({ message: await mailbox.revive(params.id) })),
  ]
}

function listRoutes({ mailbox }: DaemonPort, ownMail: OwnMail): Route[] {
  return [
    route(api.mailInbox, async ({ query: { agent, ...page } }, { asker }) => {
      ownMail.check(agent, asker)
      const messages = [...(await mailbox.inbox(agent, page))]
      return { messages, total: await mailbox.count({ of: 'inbox', agent }) }
    }),
    route(api.mailThreads, async ({ query: { limit: _, ...whose }, query }) => {
      const threads = [...(await mailbox.threads(query))]
      return { threads, total: await mailbox.count({ of: 'threads', ...whose }) }
    }),
    route(api.mailThread, async ({ params: { id }, query }, { asker }) => {
      const whole = asker ? await mailbox.thread(id, { limit: pageSizes.longest }) : []
      if (!ownMail.hasPart(whole, asker)) return { messages: [], total: 0 }
      const messages = [...(await mailbox.thread(id, query))]
      return { messages, total: await mailbox.count({ of: 'thread', id }) }
    }),
    route(api.deadLetters, async ({ query: { limit: _, ...whose }, query }) => {
      const messages = [...(await mailbox.dead(query))]
      return { messages, total: await mailbox.count({ of: 'dead', ...whose }) }
    }),
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

type Taking = { attendances: Attendances; ownMail: OwnMail }

function takingRoutes(port: DaemonPort, { attendances, ownMail }: Taking): Route[] {
  const { mailbox } = port
  return [
    route(api.nextMail, async ({ body }, call) => {
      await ownMail.checkNext(body, call.asker)
      const ask = (signal: AbortSignal): Promise<Batch | undefined> => mailbox.next(body, signal)
      const batch = await attendances.take({ instance: body.instance, signal: call.signal, ask })
      if (!batch) return {}
      ownMail.took(batch, call.asker)
      giveBackUnlessSent(port, batch, call)
      return { batch }
    }),
    route(api.renewTake, async ({ params, body }, { asker }) => {
      ownMail.checkTake(params.id, asker)
      return { held: await mailbox.renew(params.id, body.leaseMs) }
    }),
    route(api.acknowledgeTake, async ({ params, body }, { asker }) => {
      ownMail.checkTake(params.id, asker)
      return { ids: [...(await mailbox.acknowledge(params.id, body.ids))] }
    }),
    route(api.releaseTake, async ({ params, body }, { asker }) => {
      ownMail.checkTake(params.id, asker)
      await mailbox.release(params.id, body)
      return {}
    }),
    route(api.readMail, async ({ body }, { asker }) => {
      ownMail.check(body.agent, asker)
      return { messages: [...(await mailbox.read(body))] }
    }),
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
