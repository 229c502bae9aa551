import { mailPageSizes, SubagentError } from '@subagent-mcp/contract'
import type { MailboxLimits, MailPageAfter, MailPageBefore, MailRegistration } from './mailbox.js'

/** Checks the name of an agent. @throws SubagentError `invalid-parameter` */
export function checkMailAgentName(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) && name !== 'mailbox') return
  throw invalid(
    `${JSON.stringify(name.slice(0, 80))} is not a valid agent name`,
    'use at most 64 lower case letters, digits, ".", "_" and "-", beginning with a letter or digit; "mailbox" is reserved',
  )
}

/** Checks the name and the topic patterns of an agent. @throws SubagentError `invalid-parameter` */
export function checkMailRegistration({ name, topics }: MailRegistration): void {
  checkMailAgentName(name)
  const bad = topics.find((topic) => !/^(project:)?(([\w-]+|\*)(\.([\w-]+|\*))*(\.>)?|>)$/.test(topic))
  if (bad === undefined) return
  throw invalid(
    `${JSON.stringify(bad)} is not a valid topic pattern`,
    'examples: ci.main, ci.* (one part), ci.> (all that follow), > (all), project:ci.> (only of the own project)',
  )
}

/** Checks the topic of an event. @throws SubagentError `invalid-parameter` */
export function checkMailTopic(topic: string): void {
  if (/^[\w-]+(\.[\w-]+)*$/.test(topic) && topic.length <= longestWord) return
  throw invalid(
    `${JSON.stringify(topic.slice(0, 80))} is not a valid topic`,
    'use letters, digits, "_" and "-", separated by dots, as in ci.main.failed',
  )
}

/** Checks that no given parameter is empty or too long. @throws SubagentError `invalid-parameter` */
export function checkMailLengths(words: Record<string, string | undefined>): void {
  for (const [name, word] of Object.entries(words)) {
    if (word === undefined || (word.length > 0 && word.length <= longestWord)) continue
    throw invalid(
      `the ${name} has ${word.length} characters`,
      `it has at least one, and at most ${longestWord}`,
    )
  }
}

/** Checks the size and position of a page. @throws SubagentError `invalid-parameter` */
export function checkMailPage({
  limit = 1,
  after = 0,
  before = 0,
}: MailPageAfter & MailPageBefore = {}): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > mailPageSizes.longest) {
    throw invalid(`a page has no ${limit} items`, `it has at least one, and at most ${mailPageSizes.longest}`)
  }
  for (const seq of [after, before]) {
    if (!Number.isSafeInteger(seq)) throw invalid(`${seq} is no message's seq`, 'a page begins at a message')
  }
}

const longestWord = 256

/** Returns the text in the form in which it is stored. @throws SubagentError `invalid-parameter` for an empty or too long text */
export function checkMailText(text: string, { maxBytes }: MailboxLimits): string {
  if (text.trim() === '') throw invalid('the message has no text', 'say what it is about')
  const bytes = Buffer.byteLength(text)
  // SQLite ends a text at a NUL.
  if (bytes <= maxBytes) return text.replaceAll('\0', '\u{fffd}')
  throw invalid(
    `the message has ${bytes} bytes; at most ${maxBytes} are sent`,
    'put it in a file and name its path',
  )
}

function invalid(message: string, hint: string): SubagentError {
  return new SubagentError('invalid-parameter', message, { hint })
}
