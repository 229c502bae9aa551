import { SubagentError, type ToolApprovalDecision, type Clock } from '@subagent-mcp/contract'
import type { Agent, PendingApproval } from '../agent/agent.js'
import type { Effect } from '../state/effect.js'
import type { AgentFact } from '../state/fact.js'
import type { AgentsState } from '../state/agents-state.js'
import { listPendingApprovals } from '../agent/reports.js'

/** Asks the user of one caller for permissions. */
export type PermissionPromptHandler = {
  /** The user's name for the audit log. */
  who: string
  /** Asks the user; returns `undefined` without an answer. `signal` aborts when the question is answered elsewhere. */
  ask(
    question: { agent: Agent; request: PendingApproval },
    signal: AbortSignal,
  ): Promise<UserPermissionAnswer | undefined>
}

export type UserPermissionAnswer = { decision: ToolApprovalDecision; reason?: string }

/** The users that can be asked now, by caller, and the open dialogs. */
export type UserPermissionPrompts = {
  has(caller: string): boolean
  /** Registers a caller's handler and shows it the open questions of the caller's agents. Returns its removal. */
  addHandler(caller: string, handler: PermissionPromptHandler): () => void
  run(effect: Show | Hide): void
}

type Show = Effect & { type: 'show-question' }
type Hide = Effect & { type: 'hide-question' }
type UserPromptsOptions = { clock: Clock; state: () => AgentsState; dispatch: (fact: AgentFact) => void }

/** Creates the users that can be asked, at first without handlers. Answers are dispatched as facts. */
export function createUserPermissionPrompts(options: UserPromptsOptions): UserPermissionPrompts {
  const { clock, state, dispatch } = options
  const handlers = new Map<string, readonly PermissionPromptHandler[]>()
  const dialogs = new Map<string, AbortController>()
  const keyOf = ({ agentId, requestId }: Show | Hide): string => `${agentId} ${requestId}`
  const leave = (caller: string, handler: PermissionPromptHandler): void => {
    const left = handlers.get(caller)?.filter((other) => other !== handler) ?? []
    handlers.set(caller, left)
    if (left.length > 0) return
    handlers.delete(caller)
    for (const question of questionsOf(state(), ({ shownTo }) => shownTo === caller)) {
      dispatch({ type: 'question-passed', at: clock.now(), ...question, by: 'call' })
    }
  }
  return {
    has: (caller) => handlers.has(caller),
    addHandler: (caller, handler) => {
      handlers.set(caller, [...(handlers.get(caller) ?? []), handler])
      const isNew = ({ shownTo, passed }: PendingApproval, { profile }: Agent): boolean =>
        profile.caller === caller && shownTo === undefined && !passed
      for (const question of questionsOf(state(), isNew)) {
        dispatch({ type: 'question-shown', at: clock.now(), ...question, caller })
      }
      return () => {
        leave(caller, handler)
      }
    },
    run: (effect) => {
      const key = keyOf(effect)
      dialogs.get(key)?.abort()
      dialogs.delete(key)
      if (effect.type === 'hide-question') return
      const dialog = new AbortController()
      dialogs.set(key, dialog)
      limitDialog(effect, { ...options, signal: dialog.signal })
      void show(effect, {
        ...options,
        handler: handlers.get(effect.caller)?.at(-1),
        signal: dialog.signal,
      })
    },
  }
}

/** Passes a question to callers after half of its time, so that others than the user can still answer. */
function limitDialog(
  { agentId, requestId }: Show,
  { state, clock, dispatch, signal }: UserPromptsOptions & { signal: AbortSignal },
): void {
  const request = requestOf(state(), { agentId, requestId })
  if (request?.until === undefined) return
  const passAt = (request.askedAt + request.until) / 2
  const cancel = clock.after(Math.max(0, passAt - clock.now()), () => {
    if (!signal.aborted)
      dispatch({ type: 'question-passed', at: clock.now(), agentId, requestId, by: 'user' })
  })
  signal.addEventListener('abort', cancel)
}

type Showing = UserPromptsOptions & { handler: PermissionPromptHandler | undefined; signal: AbortSignal }

/** Shows a question to the user, and dispatches the answer, or that the user gave none. */
async function show({ agentId, requestId }: Show, showing: Showing): Promise<void> {
  const { handler, signal, state, clock, dispatch } = showing
  const question = { agentId, requestId }
  const agent = state().agents.get(agentId)
  const request = requestOf(state(), question)
  const answer = agent && request && (await handler?.ask({ agent, request }, signal))
  if (signal.aborted) return
  const pass = (): void => {
    dispatch({ type: 'question-passed', at: clock.now(), ...question, by: handler ? 'user' : 'call' })
  }
  if (!handler || !answer) {
    pass()
    return
  }
  const said = { ...question, ...answer, by: 'elicitation', who: handler.who } as const
  try {
    dispatch({ type: 'answer-requested', at: clock.now(), ...said })
  } catch (error) {
    // An answer that cannot be journaled does not count, and another one may follow.
    if (!(error instanceof SubagentError)) throw error
    pass()
  }
}

function requestOf(
  { agents }: AgentsState,
  { agentId, requestId }: { agentId: string; requestId: string },
): PendingApproval | undefined {
  const agent = agents.get(agentId)
  return agent && listPendingApprovals(agent).find((pending) => pending.requestId === requestId)
}

/** The questions of open agents that match a filter. */
function questionsOf(
  { open }: AgentsState,
  isSuch: (request: PendingApproval, agent: Agent) => boolean,
): { agentId: string; requestId: string }[] {
  return [...open.values()].flatMap((agent) =>
    listPendingApprovals(agent)
      .filter((request) => isSuch(request, agent))
      .map(({ requestId }) => ({ agentId: agent.profile.id, requestId })),
  )
}
