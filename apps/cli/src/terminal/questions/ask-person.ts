import type { UserPermissionAnswer } from '@subagent-mcp/core'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import type { Terminal } from '../terminal.js'

/** A terminal with a person at it. */
type AttendedTerminal = Pick<Terminal, 'stderr'> & { ask: NonNullable<Terminal['ask']> }

/** `humanOnly`: only a person may allow the call, by typing the whole word "yes". */
type Asked = { humanOnly?: boolean | undefined }

/**
 * Asks the person for a permission that is already on the screen, until the answer is understood. Returns `undefined`
 * when the question stays open: the person skips it, the input ends, or the signal aborts. Only a clear no denies.
 */
export async function askPersonForPermission(
  question: Asked,
  { ask, stderr }: AttendedTerminal,
  signal: AbortSignal,
): Promise<UserPermissionAnswer | undefined> {
  const prompt = question.humanOnly === true ? 'allow? [yes in full/n/r/s/?] ' : 'allow? [y/n/r/s/?] '
  const isOver = (): boolean => signal.aborted
  while (!isOver()) {
    const line = await ask(prompt, signal)
    if (isOver()) return undefined
    // Ctrl-D leaves the terminal's cursor behind the prompt.
    if (line === undefined) await stderr.print('\n')
    const said = line === undefined ? 'skip' : parsePermissionAnswer(line, question)
    if (said === 'skip') return undefined
    if (typeof said === 'object') return said
    const reason = said === 'why' ? (await ask('reason, for the agent: ', signal))?.trim() : undefined
    if (reason) return { decision: 'deny', reason }
    if (said !== 'why')
      await stderr.print(said === 'help' ? help : describeUnclearAnswer(line ?? '', question))
  }
  return undefined
}

/** Describes in one line what the person answered to a permission request. */
export function describeTypedPermissionAnswer(answer: UserPermissionAnswer | undefined): string {
  if (!answer) return 'left open; to answer it later: subagent-mcp permissions\n'
  const { decision, reason } = answer
  const why = reason === undefined ? '' : `: ${revealInvisibleCharacters(reason, 300)}`
  return decision === 'allow' ? 'allowed\n' : `denied${why}\n`
}

/** Reads what a person typed as the answer to a permission request. `undefined`: it is not understood. */
export function parsePermissionAnswer(
  line: string,
  { humanOnly }: Asked,
): UserPermissionAnswer | 'why' | 'skip' | 'help' | undefined {
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

/** Describes why a typed answer to a permission request does not count, in one line. */
export function describeUnclearAnswer(line: string, { humanOnly }: Asked): string {
  const said = revealInvisibleCharacters(line.trim(), 60)
  if (said === '') return 'nothing was answered; ? lists the answers\n'
  const full = humanOnly === true && /^\s*y\s*$/i.test(line)
  return full
    ? 'only a person may allow this: type yes in full\n'
    : `'${said}' is not understood; ? lists the answers\n`
}

const help = `\
y  yes: allow this one call
n  no: deny it; the agent continues without it
r  deny it with a reason for the agent, as in: r use npm test
s  skip it: it stays open, for you and for others
`
