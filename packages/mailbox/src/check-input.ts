import { pageSizes, SubagentError } from '@subagent-mcp/contract'
import type { MailboxRules, PageAfter, PageBefore, Registration } from './mailbox.js'

/** @throws SubagentError `invalid-parameter` for what is no agent's name */
export function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) && name !== 'mailbox') return
  throw invalid(
    `${JSON.stringify(name.slice(0, 80))} is no name of an agent`,
    'a name has lower case letters, digits, ".", "_" and "-", at most 64, and begins with a letter or digit; "mailbox" is taken',
  )
}

/** @throws SubagentError `invalid-parameter` for a name or a topic's pattern that cannot be */
export function checkRegistration({ name, topics }: Registration): void {
  checkName(name)
  const bad = topics.find((topic) => !/^(project:)?(([\w-]+|\*)(\.([\w-]+|\*))*(\.>)?|>)$/.test(topic))
  if (bad === undefined) return
  throw invalid(
    `${JSON.stringify(bad)} is no pattern of topics`,
    'as in ci.main, ci.* for one part, ci.> for all that follow, > for all; project:ci.> for those of its own project',
  )
}

/** @throws SubagentError `invalid-parameter` for what is no topic of an event */
export function checkTopic(topic: string): void {
  if (/^[\w-]+(\.[\w-]+)*$/.test(topic) && topic.length <= longestWord) return
  throw invalid(
    `${JSON.stringify(topic.slice(0, 80))} is no topic`,
    'parts of letters, digits, "_" and "-", with dots between: ci.main.failed',
  )
}

/** @throws SubagentError `invalid-parameter` for a word that is empty or too long */
export function checkLengths(words: Record<string, string | undefined>): void {
  for (const [name, word] of Object.entries(words)) {
    if (word === undefined || (word.length > 0 && word.length <= longestWord)) continue
    throw invalid(
      `the ${name} has ${word.length} characters`,
      `it has at least one, and at most ${longestWord}`,
    )
  }
}

/** @throws SubagentError `invalid-parameter` for a page that is too long, or has no begin */
export function checkPage({ limit = 1, after = 0, before = 0 }: PageAfter & PageBefore = {}): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > pageSizes.longest) {
    throw invalid(`a page has no ${limit} items`, `it has at least one, and at most ${pageSizes.longest}`)
  }
  for (const seq of [after, before]) {
    if (!Number.isSafeInteger(seq)) throw invalid(`${seq} is no message's seq`, 'a page begins at a message')
  }
}

const longestWord = 256

/** The text, if it can be sent. @throws SubagentError `invalid-parameter` for one that is empty or too long */
export function checkText(text: string, { maxBytes }: MailboxRules): string {
  if (text.trim() === '') throw invalid('the message has no text', 'say what it is about')
  const bytes = Buffer.byteLength(text)
  // SQLite's texts end at a NUL.
  if (bytes <= maxBytes) return text.replaceAll('\0', '\u{fffd}')
  throw invalid(
    `the message has ${bytes} bytes; at most ${maxBytes} are sent`,
    'put it in a file and name its path',
  )
}

function invalid(message: string, hint: string): SubagentError {
  return new SubagentError('invalid-parameter', message, { hint })
}
