import type { ApprovalRequest, SessionCommand } from '@subagent-mcp/contract'
import type { ManualSession } from '@subagent-mcp/testkit'
import type { PermissionPromptHandler, UserPermissionAnswer } from './user-permission-prompts.js'
import type { PendingApproval } from '../agent/agent.js'

/** A session asks for permission to run a shell command. */
export function askIn({ sink }: ManualSession, requestId = 'p1', command = 'make'): void {
  sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command } })
}

type Answer = SessionCommand & { type: 'answer' }

/** The answers that a session was sent, in order. */
export function answersIn({ sent }: ManualSession): Answer[] {
  return sent.filter((command) => command.type === 'answer')
}

/** A question that is shown to the test's user. */
export type Dialog = {
  request: ApprovalRequest & Pick<PendingApproval, 'shownTo'>
  signal: AbortSignal
  /** Answers, or closes the dialog without an answer, and waits until the supervisor has handled that. */
  say(answer?: UserPermissionAnswer): Promise<void>
}

/** A prompt handler whose user answers when the test says so. `dialogs` has the dialogs in order. */
export function createManualUser(who = 'user of me'): PermissionPromptHandler & { dialogs: Dialog[] } {
  const dialogs: Dialog[] = []
  return {
    who,
    dialogs,
    ask: ({ request }, signal) =>
      new Promise((resolve) => {
        const say = async (answer?: UserPermissionAnswer): Promise<void> => {
          resolve(answer)
          await new Promise(setImmediate)
        }
        dialogs.push({ request, signal, say })
      }),
  }
}
