import {
  createSessionListeners,
  type SessionListener,
  type SessionListeners,
  type JsonRpcRequest,
  type SendRpcReply,
  type RpcNotification,
} from '@subagent-mcp/driver-kit'
import type { ModelRetry } from '../profile.js'
import { createPermissionResult } from '../session/requests.js'
import { AcpSessionReference } from '../session/wire.js'

/** Receives the ACP notifications about one session, and the retries of its model requests. The callbacks must not throw. */
export type AcpSessionListener = SessionListener & {
  onRetry(retry: ModelRetry): void
  /** When the session last sent a model request that has no answer, and the retries of that request. */
  modelRequest(): { since: number; retries: number } | undefined
  isBusy(): boolean
}

export type AcpSessionListeners = Pick<AcpSessionListener, 'onNotification' | 'onRequest' | 'onRetry'> &
  Pick<SessionListeners<AcpSessionListener>, 'follow' | 'has'> & {
    /** Whether no session in the agent process runs a turn. */
    areQuiet(): boolean
  }

/** Passes each ACP message to the follower of its session, and a retry, which names no session, to the likeliest one. */
export function createAcpSessionListeners(): AcpSessionListeners {
  const followers = createSessionListeners<AcpSessionListener>()
  const followerOf = (params: unknown) =>
    followers.get(AcpSessionReference.safeParse(params).data?.sessionId ?? '')
  return {
    ...{ follow: followers.follow, has: followers.has },
    areQuiet: () => !followers.all().some((follower) => follower.isBusy()),
    onNotification: (notification: RpcNotification) =>
      followerOf(notification.params)?.onNotification(notification),
    onRequest: (request: JsonRpcRequest, respond: SendRpcReply) => {
      const follower = followerOf(request.params)
      if (follower !== undefined) return follower.onRequest(request, respond)
      if (request.method !== 'session/request_permission') return 'unknown'
      respond({ result: createPermissionResult(undefined) })
      return 'taken'
    },
    onRetry: (retry) => likeliest(followers.all(), retry)?.onRetry(retry),
  }
}

/**
 * The session that a failed attempt belongs to: one that waits for its model and has failed once less. Of several, the
 * last that sent a request, because a refusal comes sooner than an answer.
 */
function likeliest(
  followers: readonly AcpSessionListener[],
  { attempt }: ModelRetry,
): AcpSessionListener | undefined {
  const waiting = followers.flatMap((follower) => {
    const request = follower.modelRequest()
    return request === undefined ? [] : [{ follower, ...request }]
  })
  const fitting = waiting.filter(({ retries }) => retries === attempt - 1)
  const [newest] = (fitting.length > 0 ? fitting : waiting).sort((one, other) => other.since - one.since)
  return newest?.follower
}
