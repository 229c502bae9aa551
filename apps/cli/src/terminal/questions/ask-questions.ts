import type { Fact, UserPermissionAnswer } from '@subagent-mcp/core'
import type { CommandContext } from '../command-context.js'
import { describeTerminalAnswerer } from '../person.js'
import { escapeForTerminal } from '../text.js'
import { askPersonForPermission, describeTypedPermissionAnswer } from './ask-person.js'
import { readPermissionEnd } from './question-facts.js'
import { formatPermissionRequest, type PermissionRequestEnd, type ShownRequest } from './question-text.js'

/** Permission requests of agents that wait for an answer at this terminal. */
export type PermissionRequestQueue<Asked extends ShownRequest> = {
  /** Adds a permission request, unless it is open already. */
  add(question: Asked): void
  /** Removes permission requests that a fact ends, such as the answer of another caller. */
  update(fact: Fact): void
  /** Withdraws all open permission requests, also the one that the person is reading. */
  close(): void
}

/** The texts around a permission request, and what happens to it when no person is at the terminal. */
export type AskingStyle<Asked extends ShownRequest> = {
  /** Returns the text to print before a permission request. */
  head(question: Asked): string
  /** Returns the text to print when a permission request ends while the person reads it. */
  withdrawn(question: Asked, end: PermissionRequestEnd): string
  unanswered: 'deny' | 'leave'
}

/** Asks the person at the terminal for one permission after another, and sends the answers to the daemon. */
export function askForPermissions<Asked extends ShownRequest>(
  style: AskingStyle<Asked>,
  context: CommandContext,
): PermissionRequestQueue<Asked> {
  const { stderr } = context.terminal
  const open = new Map<string, OpenQuestion<Asked>>()
  let asking = Promise.resolve()
  return {
    add: (question) => {
      const key = `${question.agentId} ${question.requestId}`
      if (open.has(key)) return
      const one = { question, ended: new AbortController(), isShown: false }
      open.set(key, one)
      asking = asking
        .then(() => answer(one, style, context))
        // Another caller answered first, or the daemon has ended: the next question can be asked.
        .catch((error: unknown) => {
          open.delete(key)
          return stderr.print(
            `${escapeForTerminal(error instanceof Error ? error.message : String(error))}\n`,
          )
        })
    },
    update: (fact) => {
      for (const [key, { question, ended, isShown }] of [...open]) {
        const end = readPermissionEnd(fact, question)
        if (!end) continue
        open.delete(key)
        ended.abort()
        if (isShown) void stderr.print(style.withdrawn(question, end))
      }
    },
    close: () => {
      for (const { ended } of open.values()) ended.abort()
      open.clear()
    },
  }
}

/** A permission request without an answer. `isShown`: the person is being asked. */
type OpenQuestion<Asked> = { question: Asked; ended: AbortController; isShown: boolean }

async function answer<Asked extends ShownRequest>(
  one: OpenQuestion<Asked>,
  { head, unanswered }: AskingStyle<Asked>,
  { client, terminal }: CommandContext,
): Promise<void> {
  const { question, ended } = one
  const isOver = (): boolean => ended.signal.aborted
  if (isOver()) return
  one.isShown = terminal.ask !== undefined
  await terminal.stderr.print(formatPermissionRequest(question, terminal, head(question)))
  if (isOver()) return
  const { ask, stderr } = terminal
  const given = ask
    ? await askPersonForPermission(question, { ask, stderr }, ended.signal)
    : automatic[unanswered]
  one.isShown = false
  if (isOver()) return
  if (given) {
    const from = ask ? describeTerminalAnswerer(terminal) : { who: 'subagent-mcp run' }
    await client.answer(question.agentId, { requestId: question.requestId, ...given, ...from })
  }
  await stderr.print(ask ? describeTypedPermissionAnswer(given) : automaticText[unanswered])
}

/** The answers to permission requests when no person is at the terminal. */
const automatic: Readonly<Record<'deny' | 'leave', UserPermissionAnswer | undefined>> = {
  deny: { decision: 'deny', reason: 'no person is there to ask: do without it, or say what you need' },
  leave: undefined,
}

const automaticText = {
  deny: 'denied: no person is there to ask, because stdin is no terminal\n',
  leave: 'left to others\n',
}
