import type { ApprovalRequest, SessionCommand, SessionEvent } from '@subagent-mcp/contract'

export type SessionCommandOfType<Type extends SessionCommand['type']> = Extract<
  SessionCommand,
  { type: Type }
>

/** Creates the event that shows a notice to the owner of a session. */
export function createNoticeEvent(text: string): SessionEvent {
  return { type: 'notice', text }
}

/** The notice after an answer to an approval request that is not open. */
export function createNoSuchRequestNotice(requestId: string): SessionEvent {
  return createNoticeEvent(`nothing waits for an answer to ${requestId}`)
}

/** Creates the event that ends a prompt which came while another turn ran. */
export function createPromptRefusedEvent(turnId: string, message: string): SessionEvent {
  return {
    type: 'turn-ended',
    turnId,
    outcome: { type: 'failed', failure: { reason: 'bad-request', message } },
  }
}

export function createApprovalsWithdrawnEvents(
  open: readonly Pick<ApprovalRequest, 'requestId'>[],
): readonly SessionEvent[] {
  return open.map(({ requestId }) => ({ type: 'approval-withdrawn', requestId }))
}
