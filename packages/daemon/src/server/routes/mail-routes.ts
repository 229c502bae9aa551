import { SubagentError } from '@subagent-mcp/contract'
import { daemonApi, type SendMailBody } from '@subagent-mcp/api'
import type { MessageBatch, MessageSender } from '@subagent-mcp/mailbox'
import { namelessAgentSender } from '../scope/limit-mailbox-to-agent.js'
import type { DaemonPort } from '../daemon-port.js'
import { createApiRoute, type HttpRequestContext, type HttpRoute } from '../http/route.js'

/** Routes of the mailbox. */
export function createMailRoutes(port: DaemonPort): HttpRoute[] {
  const { mailbox } = port
  return [
    ...sendingRoutes(port),
    ...takingRoutes(port),
    createApiRoute(daemonApi.mailAgents, async () => ({ agents: [...(await mailbox.agents())] })),
    ...listRoutes(port),
    createApiRoute(daemonApi.reviveLetter, async ({ params }) => ({
      message: await mailbox.revive(params.id),
    })),
  ]
}

function listRoutes({ mailbox }: DaemonPort): HttpRoute[] {
  return [
    createApiRoute(daemonApi.mailInbox, async ({ query: { agent, ...page } }) => {
      const messages = [...(await mailbox.inbox(agent, page))]
      return { messages, total: await mailbox.count({ of: 'inbox', agent }) }
    }),
    createApiRoute(daemonApi.mailThreads, async ({ query: { limit: _, ...whose }, query }) => {
      const threads = [...(await mailbox.threads(query))]
      return { threads, total: await mailbox.count({ of: 'threads', ...whose }) }
    }),
    createApiRoute(daemonApi.mailThread, async ({ params: { id }, query }) => {
      const messages = [...(await mailbox.thread(id, query))]
      return { messages, total: await mailbox.count({ of: 'thread', id }) }
    }),
    createApiRoute(daemonApi.deadLetters, async ({ query: { limit: _, ...whose }, query }) => {
      const messages = [...(await mailbox.dead(query))]
      return { messages, total: await mailbox.count({ of: 'dead', ...whose }) }
    }),
  ]
}

function sendingRoutes(port: DaemonPort): HttpRoute[] {
  const { mailbox } = port
  return [
    createApiRoute(daemonApi.sendMail, ({ body: { from, environment: _, pid: _pid, ...order }, body }) =>
      mailbox.send({ ...order, from: senderOf(port, body) }),
    ),
    createApiRoute(daemonApi.replyToMail, ({ params, body }) =>
      mailbox.reply({ message: params.id, body: body.body, from: senderOf(port, body) }),
    ),
    createApiRoute(daemonApi.publishEvent, ({ body: { from, environment: _, pid: _pid, ...order }, body }) =>
      mailbox.publish({ ...order, from: senderOf(port, body) }),
    ),
  ]
}

function takingRoutes(port: DaemonPort): HttpRoute[] {
  const { mailbox } = port
  return [
    createApiRoute(daemonApi.nextMail, async ({ body }, call) => {
      const batch = await mailbox.next(body, call.signal)
      if (!batch) return {}
      giveBackUnlessSent(port, batch, call)
      return { batch }
    }),
    createApiRoute(daemonApi.renewTake, async ({ params, body }) => ({
      held: await mailbox.renew(params.id, body.leaseMs),
    })),
    createApiRoute(daemonApi.acknowledgeTake, async ({ params, body }) => ({
      ids: [...(await mailbox.acknowledge(params.id, body.ids))],
    })),
    createApiRoute(daemonApi.releaseTake, async ({ params, body }) => {
      await mailbox.release(params.id, body)
      return {}
    }),
    createApiRoute(daemonApi.readMail, async ({ body }) => ({
      messages: [...(await mailbox.read(body))],
    })),
  ]
}

/** Releases messages whose response did not reach the client, so that the next client does not have to wait until the lease ends. */
function giveBackUnlessSent(
  port: DaemonPort,
  { take }: MessageBatch,
  { response, signal }: HttpRequestContext,
): void {
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
    // The mailbox cannot be reached now; the messages are released when their lease ends.
    if (!(error instanceof SubagentError)) throw error
    log(`mailbox: ${error.message}`)
  }
}

/** The fields of a mail request that name its sender. */
type Sending = Pick<SendMailBody, 'from' | 'environment' | 'pid'>

/**
 * Returns the sender of a message as the receiver sees it. An agent that sends from its shell does so under its own name or as `agent`. All others choose a name, and the receiver sees whether the message came from a
 * terminal or over HTTP. @throws SubagentError `invalid-parameter` for an agent that uses the name of another one
 */
function senderOf(port: DaemonPort, sending: Sending): MessageSender {
  const { from, environment = {}, pid } = sending
  const { name, through = 'http' } = from
  const sender = { name, host: port.host }
  const process = { environment, ...(pid !== undefined && { pid }) }
  if (port.depthOf(process) > 0) {
    const own = [port.mailboxOf(process), namelessAgentSender].filter((known) => known !== undefined)
    if (own.includes(name)) return { ...sender, through: 'agent' }
    const message = `from.name: an agent sends as ${own.join(' or ')}, not as '${name}'`
    throw new SubagentError('invalid-parameter', message, {
      hint: 'leave the name out, or use the chat tool',
    })
  }
  const isAtTerminal = through === 'terminal' && sending.environment !== undefined && pid !== undefined
  return { ...sender, through: isAtTerminal ? 'terminal' : 'http' }
}
