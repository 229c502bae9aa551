import { SubagentError } from '@subagent-mcp/contract'

/** What one fleet's mailbox is called on its servers. Two namespaces on one account do not see each other. */
export type NatsNames = { stream: string; subject: string; bucket: string }

/** @throws SubagentError `config-invalid` for a namespace that cannot be one word of a subject */
export function namesOf(namespace: string): NatsNames {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(namespace)) {
    throw new SubagentError('config-invalid', `"${namespace}" cannot be a mailbox's namespace`, {
      hint: 'lower case letters, digits and -, at most 64',
    })
  }
  const word = namespace.toUpperCase().replaceAll('-', '_')
  return { stream: `${word}_MAIL`, subject: `${namespace}.mail.commands`, bucket: `${word}_PRESENCE` }
}
