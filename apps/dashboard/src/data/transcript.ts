import type { StreamedFact } from '@subagent-mcp/api'
import { factNotes, parseJournaledFact, type Fact } from '@subagent-mcp/core'
import { createObservable, type Observable } from './observable.js'

/** An entry of an agent's transcript. Texts are unchanged from the agent: views make them safe. */
export type TranscriptItem = { key: number; at: number } & (
  | { type: 'prompt'; text: string; isSteered: boolean }
  /** What the model wrote; `isWriting` while it is still writing. */
  | { type: 'said'; text: string; isWriting: boolean }
  | { type: 'call'; callId: string; tool: string; input: unknown; state: ToolCallState; output: string }
  | { type: 'note'; text: string; isProblem: boolean }
)

export type ToolCallState = 'running' | 'done' | 'failed'

/** The transcript of one agent, which grows with the facts about it. */
export type Transcript = {
  /** The entries of the transcript; each change makes a new list. */
  items: Observable<readonly TranscriptItem[]>
  add(facts: readonly { seq?: number; fact: StreamedFact }[]): void
  /** The number of the newest fact that was added. */
  lastSeq(): number
}

/** The most entries that a page keeps; the oldest are dropped. `subagent-mcp logs` has all. */
const mostItems = 20_000
/** The most characters of one text that a page keeps: an agent can print a line of many megabytes. */
const longestText = 100_000

export function createTranscript(): Transcript {
  const items = createObservable<readonly TranscriptItem[]>([])
  let [seen, keys] = [0, 0]
  return {
    items,
    lastSeq: () => seen,
    add: (facts) => {
      const next = [...items.get()]
      for (const { seq, fact } of facts) {
        if (seq !== undefined && seq <= seen) continue
        seen = seq ?? seen
        const known = parseJournaledFact(fact)
        if (known) addFact(next, known, () => (keys += 1))
      }
      if (facts.length > 0) items.set(next.length > mostItems ? next.slice(-mostItems * 0.9) : next)
    },
  }
}

type NewItem = TranscriptItem extends infer One
  ? One extends TranscriptItem
    ? Omit<One, 'key' | 'at'>
    : never
  : never

function addFact(items: TranscriptItem[], fact: Fact, newKey: () => number): void {
  const push = (item: NewItem): void => {
    items.push({ ...item, key: newKey(), at: fact.at })
  }
  const note = (text: string, isProblem = false): void => {
    push({ type: 'note', text: cut(text), isProblem })
  }
  switch (fact.type) {
    case 'launch-requested':
      push({ type: 'prompt', text: cut(fact.prompt.text), isSteered: false })
      break
    case 'message-requested':
      push({ type: 'prompt', text: cut(fact.message.text), isSteered: fact.steer })
      break
    case 'session-event-received':
      addEvent(items, fact, { push, note })
      break
    case 'session-open-failed':
      note(`could not start: ${fact.failure.message}`, true)
      break
    case 'question-expired':
      note('a permission was denied: it was not answered in time')
      break
    case 'answer-requested':
      note(`${fact.decision === 'allow' ? 'allowed' : 'denied'} by ${fact.who} (${fact.by})`)
      break
    case 'turn-checked':
      note(
        fact.verdict.passed
          ? `checked: ${fact.verdict.check.grade}`
          : `failed the check: ${fact.verdict.problem}`,
        !fact.verdict.passed,
      )
      break
    default: {
      const text = factNotes[fact.type]
      if (text !== undefined) note(text)
    }
  }
}

type Adding = { push: (item: NewItem) => void; note: (text: string, isProblem?: boolean) => void }
type EventFact = Fact & { type: 'session-event-received' }

function addEvent(items: TranscriptItem[], { event, ruling }: EventFact, { push, note }: Adding): void {
  switch (event.type) {
    case 'text-delta':
    case 'message-ended':
      addText(items, event, push)
      break
    case 'tool-started':
      push({ ...event, type: 'call', state: 'running', output: '' })
      break
    case 'tool-ended': {
      const index = items.findLastIndex((item) => item.type === 'call' && item.callId === event.callId)
      const item = items[index]
      if (item?.type !== 'call') break
      items[index] = { ...item, state: event.failed ? 'failed' : 'done', output: cut(event.output) }
      break
    }
    case 'approval-requested':
      if (ruling?.verdict === 'deny') note(`denied by ${ruling.by}: ${event.tool}`, true)
      else if (ruling?.verdict !== 'allow') note(`asks permission: ${event.tool}`)
      break
    case 'retry-announced':
      note(`try ${event.attempt} of ${event.maxAttempts}: ${event.failure.message}`)
      break
    case 'notice':
      note(event.text)
      break
    case 'session-closed':
      note(
        event.failure ? `the session ended: ${event.failure.message}` : 'the session is closed',
        Boolean(event.failure),
      )
      break
    case 'turn-ended':
      if (event.outcome.type === 'failed') note(`the turn failed: ${event.outcome.failure.message}`, true)
      else note(event.outcome.type === 'completed' ? 'the turn finished' : 'the turn was interrupted')
      break
    default:
  }
}

type TextEvent = EventFact['event'] & { type: 'text-delta' | 'message-ended' }

/** Adds a piece to the text that is being written, or replaces that text by the whole message. */
function addText(items: TranscriptItem[], event: TextEvent, push: Adding['push']): void {
  const isWriting = event.type === 'text-delta'
  const last = items.at(-1)
  if (last?.type !== 'said' || !last.isWriting) {
    push({ type: 'said', text: cut(event.text), isWriting })
    return
  }
  items[items.length - 1] = { ...last, isWriting, text: cut(isWriting ? last.text + event.text : event.text) }
}

function cut(text: string): string {
  if (text.length <= longestText) return text
  return `${text.slice(0, longestText).toWellFormed()}… [${text.length - longestText} characters left out]`
}
