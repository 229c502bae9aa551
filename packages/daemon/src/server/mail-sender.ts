import { SubagentError } from '@subagent-mcp/contract'
import type { Sender } from '@subagent-mcp/mailbox'
import type { SendMailBody } from '../api/mail-bodies.js'
import type { Attendances } from './attendances.js'
import type { DaemonPort } from './port.js'

/** Who asks to send. */
export type Sending = Pick<SendMailBody, 'from' | 'environment' | 'pid'>

/** The variable that tells a session of ours whose mail it is. */
const mailboxVariable = 'SUBAGENT_MCP_MAILBOX'

/**
 * Who sends, as its receiver is told. A worker that is there sends under its name; an agent at a shell under its own, or
 * as `agent`; all others say who they are, and it is told through what they came.
 * @throws SubagentError `invalid-parameter` for an agent under another's name
 */
export function senderOf(port: DaemonPort, attendances: Attendances, sending: Sending): Sender {
  const { from, environment = {}, pid } = sending
  const { name, through = 'http' } = from
  const sender = { name, host: port.host }
  const isWorker = attendances.list().some((worker) => worker.name === name && worker.pid === pid)
  if (isWorker) return { ...sender, through: 'agent' }
  if (port.depthOf({ environment, ...(pid !== undefined && { pid }) }) > 0) {
    const own = [environment[mailboxVariable], 'agent'].filter((known) => known !== undefined)
    if (own.includes(name)) return { ...sender, through: 'agent' }
    const message = `from.name: an agent sends as ${own.join(' or ')}, not as '${name}'`
    throw new SubagentError('invalid-parameter', message, { hint: 'an agent has the chat tool for this' })
  }
  const isAtTerminal = through === 'terminal' && sending.environment !== undefined && pid !== undefined
  return { ...sender, through: isAtTerminal ? 'terminal' : 'http' }
}
