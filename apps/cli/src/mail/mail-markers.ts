import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { writeWaitingMail, type WaitingMail } from '@subagent-mcp/orchestration'
import { waitingMail } from './waiting-mail.js'

/** What is looked at, and where hooks look for what waits. */
export type MarkerParts = {
  mailbox: Pick<Mailbox, 'onChange' | 'agents' | 'waiting'>
  /** The folder in which everything of ours is kept. */
  home: string
  clock: Clock
  log: (line: string) => void
}

/** How long changes are gathered, in milliseconds. */
const pauseMs = 200

/** Of a worker that comes nobody tells: while something waits it is looked at anew. */
const againMs = 10_000

/** Keeps the file by which hooks know of waiting mail, until the returned function is called. Never throws. */
export function keepMarkers({ mailbox, home, clock, log }: MarkerParts): () => void {
  const end = new AbortController()
  const show = onlyNews((mail: readonly WaitingMail[]) => {
    if (!end.signal.aborted) writeWaitingMail(home, mail)
  })
  const tell = onlyNews(log)
  let isDue = false
  let looked = Promise.resolve()
  let cancel = (): void => undefined
  const lookIn = (milliseconds: number): void => {
    cancel()
    cancel = clock.after(milliseconds, () => {
      isDue = false
      looked = looked.then(look)
    })
  }
  const look = async (): Promise<void> => {
    const waits = await orWhy(async () => {
      const mail = await waitingMail(mailbox)
      show(mail)
      return mail.length > 0
    })
    if (typeof waits === 'string' && !end.signal.aborted) tell(`hooks cannot tell of mail: ${waits}`)
    if (waits !== false && !isDue && !end.signal.aborted) lookIn(againMs)
  }
  const unheard = mailbox.onChange(() => {
    if (!isDue) lookIn(pauseMs)
    isDue = true
  })
  looked = look()
  return () => {
    end.abort()
    cancel()
    unheard()
  }
}

/** Passes a value on unless it is equal to the one before. */
function onlyNews<Value>(pass: (value: Value) => void): (value: Value) => void {
  let last: string | undefined
  return (value) => {
    const text = JSON.stringify(value)
    if (text === last) return
    pass(value)
    last = text
  }
}

/** What came of it, or why it failed. */
async function orWhy<Result>(act: () => Promise<Result>): Promise<Result | string> {
  try {
    return await act()
  } catch (error) {
    // Of ours, or of the system's.
    if (error instanceof SubagentError || (error instanceof Error && 'code' in error)) return error.message
    throw error
  }
}
