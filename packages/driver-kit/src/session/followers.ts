import type { JsonRpcRequest, RespondToRpc } from '../json-rpc/json-rpc-peer.js'

export type RpcNotification = { method: string; params: unknown }

/** Receives the messages of a shared CLI process about one session. The callbacks must not throw. */
export type Follower = {
  onNotification(notification: RpcNotification): void
  onRequest(request: JsonRpcRequest, respond: RespondToRpc): 'taken' | 'unknown'
}

export type Followers<SessionFollower extends Follower> = {
  /** Adds the follower of a session, in place of an earlier one. The returned function removes it. */
  follow(sessionId: string, follower: SessionFollower): () => void
  has(sessionId: string): boolean
  get(sessionId: string): SessionFollower | undefined
  all(): readonly SessionFollower[]
}

/** Creates the register of followers for a shared CLI process, empty at first. */
export function createFollowers<SessionFollower extends Follower>(): Followers<SessionFollower> {
  const followers = new Map<string, SessionFollower>()
  return {
    follow: (sessionId, follower) => {
      followers.set(sessionId, follower)
      return () => {
        if (followers.get(sessionId) === follower) followers.delete(sessionId)
      }
    },
    has: (sessionId) => followers.has(sessionId),
    get: (sessionId) => followers.get(sessionId),
    all: () => [...followers.values()],
  }
}
