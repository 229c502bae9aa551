import { SubagentError } from '@subagent-mcp/contract'
import type { MailPort } from './ports/mail-port.js'
import type { McpPort } from './ports/mcp-port.js'

/** Returns the caller's mailbox. @throws SubagentError `not-supported` if it has none */
export function requireMailbox({ mail }: Pick<McpPort, 'mail'>): MailPort {
  if (mail) return mail
  throw new SubagentError('not-supported', 'this session has no mailbox', {
    hint: 'continue without messages',
  })
}
