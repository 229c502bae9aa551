import type { ApprovalRequest, SessionCommand } from '@subagent-mcp/contract'
import type { ManualSession } from '@subagent-mcp/testkit'
import type { PromptHandler, UserAnswer } from './user-prompts.js'
import type { PendingApproval } from '../agent/agent.js'

/** A CLI asks whether it may run a command. */
export function askIn({ sink }: ManualSession, requestId = 'p1', command = 'make'): void {
  sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command } })
}

type Answer = SessionCommand & { type: 'answer' }

/** What a session was answered, in order. */
export function answersIn({ sent }: ManualSession): Answer[] {
  return sent.filter((command) => command.type === 'answer')
}

/** A dialog before a user. */
export type Dialog = {
  request: ApprovalRequest & Pick<PendingApproval, 'shownTo'>
  signal: AbortSignal
  /** Says it, or closes the dialog without a word, and waits until that has been heard. */
  say(answer?: UserAnswer): Promise<void>
}

/** A user whom the test lets speak; the dialogs in the order in which they came. */
export function createHandUser(who = 'user of me'): PromptHandler & { dialogs: Dialog[] } {
  const dialogs: Dialog[] = []
  return {
    who,
    dialogs,
    ask: ({ request }, signal) =>
      new Promise((resolve) => {
        const say = async (answer?: UserAnswer): Promise<void> => {
          resolve(answer)
          await new Promise(setImmediate)
        }
        dialogs.push({ request, signal, say })
      }),
  }
}
