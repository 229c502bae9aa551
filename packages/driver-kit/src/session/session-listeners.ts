import type { JsonRpcRequest, SendRpcReply } from '../json-rpc/json-rpc-peer.js'

export type RpcNotification = { method: string; params: unknown }

/** Receives the messages of a shared CLI process about one session. The callbacks must not throw. */
export type SessionListener = {
  onNotification(notification: RpcNotification): void
  onRequest(request: JsonRpcRequest, respond: SendRpcReply): 'taken' | 'unknown'
}

export type SessionListeners<Listener extends SessionListener> = {
  /** Adds the follower of a session, in place of an earlier one. The returned function removes it. */
  follow(sessionId: string, follower: Listener): () => void
  has(sessionId: string): boolean
  get(sessionId: string): Listener | undefined
  all(): readonly Listener[]
}

/** Creates the register of followers for a shared CLI process, empty at first. */
export function createSessionListeners<Listener extends SessionListener>(): SessionListeners<Listener> {
  const followers = new Map<string, Listener>()
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
