import type { JsonRpcReply, JsonRpcRequest } from '@subagent-mcp/driver-kit'
import { AboutThread } from '../session/wire.js'

/** Who hears what the server says of one thread. None of the callbacks may throw. */
export type Follower = {
  hear(notification: { method: string; params: unknown }): void
  asked(request: JsonRpcRequest, respond: Respond): 'taken' | 'unknown'
}

/** Answers a request of the server's, once. */
export type Respond = (reply: JsonRpcReply) => void

/** The followers of a process's threads. */
export type Followers = Follower & {
  /** Until the returned function is called. */
  follow(threadId: string, follower: Follower): () => void
  has(threadId: string): boolean
}

/** Gives what is about a thread to its follower, and what is about none to all. Nobody is asked for the others. */
export function createFollowers(): Followers {
  const followers = new Map<string, Follower>()
  return {
    follow: (threadId, follower) => {
      followers.set(threadId, follower)
      return () => {
        if (followers.get(threadId) === follower) followers.delete(threadId)
      }
    },
    has: (threadId) => followers.has(threadId),
    hear: (notification) => {
      const threadId = threadOf(notification.params)
      if (threadId !== undefined) followers.get(threadId)?.hear(notification)
      else for (const follower of [...followers.values()]) follower.hear(notification)
    },
    asked: (request, respond) => {
      const threadId = threadOf(request.params)
      return followers.get(threadId ?? '')?.asked(request, respond) ?? 'unknown'
    },
  }
}

function threadOf(params: unknown): string | undefined {
  return AboutThread.safeParse(params).data?.threadId
}
