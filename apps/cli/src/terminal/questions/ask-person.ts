import type { UserAnswer } from '@subagent-mcp/core'
import { visibleText } from '@subagent-mcp/mcp-server'
import type { Terminal } from '../terminal.js'

/** A terminal with a person at it. */
type Attended = Pick<Terminal, 'stderr'> & { ask: NonNullable<Terminal['ask']> }

/** Whether a model's yes does not count: then a person's takes the whole word. */
type Asked = { humanOnly?: boolean | undefined }

/**
 * Asks the person, who has the call before them, until the answer is understood. Returns `undefined` where the question
 * stays open: the person skips it, the input ends, or the signal aborts. Nothing else than a clear no denies.
 */
export async function askPerson(
  question: Asked,
  { ask, stderr }: Attended,
  signal: AbortSignal,
): Promise<UserAnswer | undefined> {
  const prompt = question.humanOnly === true ? 'allow? [yes in full/n/r/s/?] ' : 'allow? [y/n/r/s/?] '
  const isOver = (): boolean => signal.aborted
  while (!isOver()) {
    const line = await ask(prompt, signal)
    if (isOver()) return undefined
    // Ctrl-D leaves the cursor behind the question.
    if (line === undefined) await stderr.print('\n')
    const said = line === undefined ? 'skip' : readLine(line, question)
    if (said === 'skip') return undefined
    if (typeof said === 'object') return said
    const reason = said === 'why' ? (await ask('why? the agent is told: ', signal))?.trim() : undefined
    if (reason) return { decision: 'deny', reason }
    if (said !== 'why') await stderr.print(said === 'help' ? help : notUnderstood(line ?? '', question))
  }
  return undefined
}

/** What became of a question, in a line. */
export function outcomeLine(answer: UserAnswer | undefined): string {
  if (!answer) return 'left open; to answer it later: subagent-mcp permissions\n'
  const { decision, reason } = answer
  const why = reason === undefined ? '' : `: ${visibleText(reason, 300)}`
  return decision === 'allow' ? 'allowed\n' : `denied${why}\n`
}

function readLine(line: string, { humanOnly }: Asked): UserAnswer | 'why' | 'skip' | 'help' | undefined {
  const [first = '', ...others] = line.trim().split(/\s+/)
  const word = first.toLowerCase()
  if (word === 'r' && others.length > 0) return { decision: 'deny', reason: line.trim().slice(1).trim() }
  if (others.length > 0) return undefined
  if (word === 'yes' || (word === 'y' && humanOnly !== true)) return { decision: 'allow' }
  if (word === 'n' || word === 'no') return { decision: 'deny', reason: 'the user said no' }
  return words.get(word)
}

const words = new Map<string, 'why' | 'skip' | 'help'>([
  ['r', 'why'],
  ['s', 'skip'],
  ['skip', 'skip'],
  ['?', 'help'],
  ['help', 'help'],
])

function notUnderstood(line: string, { humanOnly }: Asked): string {
  const said = visibleText(line.trim(), 60)
  if (said === '') return 'nothing was answered; ? lists the answers\n'
  const full = humanOnly === true && /^\s*y\s*$/i.test(line)
  return full
    ? 'only a person may allow this: type yes in full\n'
    : `'${said}' is not understood; ? lists the answers\n`
}

const help = `\
y  yes: allow this one call
n  no: deny it, and the agent goes on without it
r  deny it with a reason that the agent is told, as in: r use npm test
s  skip it: it stays open, for you and for others
`
