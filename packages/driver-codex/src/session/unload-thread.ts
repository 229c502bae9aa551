import type { Failure } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import type { AppServer } from '../server/app-server.js'
import { classifyRefusal } from '../classify.js'
import { LeaveAnswer } from './wire.js'

/**
 * Has the server put a thread away, with its commands and MCP servers. Nothing of it stays in the server's memory; one
 * that is not ephemeral can be taken up again. Never rejects.
 */
export async function putAway(
  server: AppServer,
  threadId: string,
  deadlineMs: number,
): Promise<Failure | undefined> {
  const { closed, unfollow } = hearItClose(server, threadId)
  const answer = await server.request('thread/unsubscribe', { threadId })
  const failure =
    answer.type === 'result'
      ? await untilAway(answer.result, closed, deadlineMs)
      : classifyRefusal('put a thread away', answer)
  unfollow()
  return failure
}

async function untilAway(
  answer: unknown,
  closed: Promise<void>,
  deadlineMs: number,
): Promise<Failure | undefined> {
  // What it had put away by itself it does not close once more.
  if (LeaveAnswer.safeParse(answer).data?.status !== 'unsubscribed') return undefined
  return (await settlesWithin(closed, deadlineMs)) ? undefined : neverClosed
}

const neverClosed: Failure = { reason: 'timed-out', message: 'codex did not put a thread away in time' }

function hearItClose(server: AppServer, threadId: string): { closed: Promise<void>; unfollow: () => void } {
  let close: () => void
  const closed = new Promise<void>((resolve) => (close = resolve))
  const unfollow = server.follow(threadId, {
    hear: ({ method }) => {
      if (method === 'thread/closed') close()
    },
    asked: () => 'unknown',
  })
  return { closed, unfollow }
}
