import type { JsonRpcReply, JsonRpcRequest } from '@subagent-mcp/driver-kit'
import { permission } from '../session/requests.js'
import type { Retry } from '../profile.js'
import { AboutSession } from '../session/wire.js'

/** Who hears what the agent says of one session. None of the callbacks may throw. */
export type Follower = {
  hear(notification: { method: string; params: unknown }): void
  asked(request: JsonRpcRequest, respond: Respond): 'taken' | 'unknown'
  retried(retry: Retry): void
  /** Since when its model has owed it the begin of an answer, if it does, and how often that was retried. */
  asksModel(): { since: number; retries: number } | undefined
  /** Whether a turn of its runs. */
  isBusy(): boolean
}

/** Answers a request of the agent's, once. */
export type Respond = (reply: JsonRpcReply) => void

/** The followers of a process's sessions. */
export type Followers = Pick<Follower, 'hear' | 'asked' | 'retried'> & {
  /** Until the returned function is called. */
  follow(sessionId: string, follower: Follower): () => void
  has(sessionId: string): boolean
  /** Whether no turn runs. */
  areQuiet(): boolean
}

/** Gives what is about a session to its follower, and a retry, which names no session, to the likeliest. */
export function createFollowers(): Followers {
  const followers = new Map<string, Follower>()
  const followerOf = (params: unknown) => followers.get(AboutSession.safeParse(params).data?.sessionId ?? '')
  return {
    follow: (sessionId, follower) => {
      followers.set(sessionId, follower)
      return () => {
        if (followers.get(sessionId) === follower) followers.delete(sessionId)
      }
    },
    has: (sessionId) => followers.has(sessionId),
    areQuiet: () => ![...followers.values()].some((follower) => follower.isBusy()),
    hear: (notification) => followerOf(notification.params)?.hear(notification),
    asked: (request, respond) => {
      const follower = followerOf(request.params)
      if (follower !== undefined) return follower.asked(request, respond)
      if (request.method !== 'session/request_permission') return 'unknown'
      respond({ result: permission(undefined) })
      return 'taken'
    },
    retried: (retry) => likeliest([...followers.values()], retry)?.retried(retry),
  }
}

/**
 * A failed attempt belongs to a turn that waits for its model and has failed one time less. Of several the last
 * that asked: a refusal comes at once, an answer takes its time.
 */
function likeliest(followers: readonly Follower[], { attempt }: Retry): Follower | undefined {
  const asking = followers.flatMap((follower) => {
    const asks = follower.asksModel()
    return asks === undefined ? [] : [{ follower, ...asks }]
  })
  const fitting = asking.filter(({ retries }) => retries === attempt - 1)
  const [newest] = (fitting.length > 0 ? fitting : asking).sort((one, other) => other.since - one.since)
  return newest?.follower
}
