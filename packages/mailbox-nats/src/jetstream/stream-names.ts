import { SubagentError } from '@subagent-mcp/contract'

/** The streams and the bucket of one fleet's mailbox. Two namespaces in one account do not see each other. */
export type MailStreamNames = {
  /** The first word of all subjects. */
  prefix: string
  /** Every message, once. */
  archive: string
  /** A copy of the archive, made by the servers, from which handled messages are deleted. */
  work: string
  /** The stream of queue records: one for each agent and thread with held, failed or revived messages. */
  queues: string
  /** Agents, dead letters, keys of sent messages, models of replies. */
  records: string
  /** The open mailboxes of all machines. */
  bucket: string
}

/** Returns the names of a namespace's streams. @throws SubagentError `config-invalid` for one that cannot be a word of a subject */
export function createMailStreamNames(namespace: string): MailStreamNames {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(namespace)) {
    throw new SubagentError('config-invalid', `"${namespace}" is not a valid namespace of a mailbox`, {
      hint: 'use at most 64 lower case letters, digits and "-", beginning with a letter or digit',
    })
  }
  const word = namespace.toUpperCase().replaceAll('-', '_')
  return {
    prefix: namespace,
    archive: `${word}_ARCHIVE`,
    work: `${word}_WORK`,
    queues: `${word}_QUEUES`,
    records: `${word}_RECORDS`,
    bucket: `${word}_PRESENCE`,
  }
}
