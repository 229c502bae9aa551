import { SubagentError } from '@subagent-mcp/contract'
import type { Sender } from '@subagent-mcp/mailbox'
import type { SendMailBody } from '@subagent-mcp/api'
import type { WorkerConnections } from '../workers/worker-connections.js'
import { nameless } from '../scope/own-mailbox.js'
import type { DaemonPort } from '../port.js'

/** Who asks to send. */
export type Sending = Pick<SendMailBody, 'from' | 'environment' | 'pid'>

/**
 * Who sends, as its receiver is told. A worker that is there sends under its name; an agent at a shell under its own, or
 * as `agent`; all others say who they are, and it is told through what they came.
 * @throws SubagentError `invalid-parameter` for an agent under another's name
 */
export function senderOf(port: DaemonPort, workers: WorkerConnections, sending: Sending): Sender {
  const { from, environment = {}, pid } = sending
  const { name, through = 'http', model } = from
  const sender = { name, host: port.host }
  const isWorker = workers.list().some((worker) => worker.name === name && worker.pid === pid)
  if (isWorker) return { ...sender, through: 'agent', ...(model !== undefined && { model }) }
  const process = { environment, ...(pid !== undefined && { pid }) }
  if (port.depthOf(process) > 0) {
    const own = [port.mailboxOf(process), nameless].filter((known) => known !== undefined)
    if (own.includes(name)) return { ...sender, through: 'agent' }
    const message = `from.name: an agent sends as ${own.join(' or ')}, not as '${name}'`
    throw new SubagentError('invalid-parameter', message, {
      hint: 'leave the name out, or use the chat tool',
    })
  }
  const isAtTerminal = through === 'terminal' && sending.environment !== undefined && pid !== undefined
  return { ...sender, through: isAtTerminal ? 'terminal' : 'http' }
}
