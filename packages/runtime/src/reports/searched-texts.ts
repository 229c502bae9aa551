import type { SearchTextKind } from '@subagent-mcp/contract'
import { getFactAgentId, type DurableFact } from '@subagent-mcp/core'
import type { TextPassage } from '@subagent-mcp/journal'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { maskSecrets } from '@subagent-mcp/permissions'

/** The most characters of a passage in the search index. A longer text becomes several passages. */
const longestPassage = 8_000

/** The most characters of a fact or message that are searched. */
const longestText = 400_000

export function extractSearchTextsOfFact(fact: DurableFact, seq: number): TextPassage[] {
  const { at } = fact
  const source = getFactAgentId(fact)
  return textsOf(fact).flatMap(([kind, text]) => passagesIn({ at, kind, seq, source, text }))
}

export function extractSearchTextOfMessage({
  seq,
  sentAt: at,
  thread: source,
  body: text,
}: MailboxMessage): TextPassage[] {
  return passagesIn({ at, kind: 'mail', seq, source, text })
}

function textsOf(fact: DurableFact): readonly (readonly [SearchTextKind, string])[] {
  if (fact.type === 'launch-requested') return [['prompt', fact.prompt.text]]
  if (fact.type === 'message-requested') return [['message', fact.message.text]]
  if (fact.type === 'session-open-failed') return [['failure', fact.failure.message]]
  if (fact.type !== 'session-event-received') return []
  const { event } = fact
  switch (event.type) {
    case 'message-ended':
      return [['answer', event.text]]
    case 'tool-started':
      return [['call', [event.tool, ...textsIn(event.input)].join('\n')]]
    case 'tool-ended':
      return [['output', event.output]]
    case 'turn-ended':
      return event.outcome.type === 'failed' ? [['failure', event.outcome.failure.message]] : []
    default:
      return []
  }
}

/**
 * The texts in the input of a tool call. They are not indexed as JSON, in which the `n` of an escaped line break would become a
 * letter of the next word.
 */
function textsIn(input: unknown): string[] {
  if (typeof input === 'string') return [input]
  if (typeof input !== 'object' || input === null) return []
  return Object.values(input).flatMap(textsIn)
}

function passagesIn({ text, ...about }: TextPassage): TextPassage[] {
  // Secrets are masked in the whole text, because half of one would not be recognized.
  const shown = maskSecrets(plainText(text.slice(0, longestText)))
  return [...pieces(shown)].map((piece) => ({ ...about, text: piece }))
}

/** A text without colours, which are in the output of many programs, and with spaces for other control characters. */
function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- terminals' codes begin with a control character
  return text.replaceAll(/\u001b\[[\d;:?]*[A-Za-z]/g, '').replaceAll(/(?![\t\n])\p{Cc}/gu, ' ')
}

/** Cuts a text at the ends of lines or words. */
function* pieces(text: string): Iterable<string> {
  let rest = text.trim()
  while (rest.length > longestPassage) {
    const window = rest.slice(0, longestPassage)
    const end = Math.max(window.lastIndexOf('\n'), window.lastIndexOf(' ', longestPassage))
    const piece = rest.slice(0, end > longestPassage / 2 ? end : longestPassage)
    yield piece
    rest = rest.slice(piece.length)
  }
  if (rest !== '') yield rest
}
