import type { Sender } from '@subagent-mcp/client'
import { hostname } from 'node:os'
import { mailName } from '@subagent-mcp/mailbox/names'
import { loginName } from './person.js'
import type { Terminal } from './terminal.js'

type Writer = Pick<Terminal, 'isInsideAgent' | 'environment'>

/** The name under which whoever is at this terminal writes and is written to: the daemon lets an agent have no other. */
export function ownMailName({ isInsideAgent, environment }: Writer): string {
  if (!isInsideAgent()) return mailName(loginName())
  const { SUBAGENT_MCP_MAILBOX: own = '' } = environment
  return own === '' ? 'agent' : own
}

/** Who writes here, as it says; the daemon looks whether it is a person. */
export function senderAt(writer: Writer, name = ownMailName(writer)): Sender {
  return { name, host: hostname(), through: 'terminal' }
}
