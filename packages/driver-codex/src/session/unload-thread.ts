import type { Failure } from '@subagent-mcp/contract'
import { createRpcRefusalFailure, settlesWithin } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import type { AppServer } from '../server/app-server.js'
import { UnsubscribeAnswer } from './wire.js'

/**
 * Makes the Codex server unload a thread, with its commands and MCP servers. A thread that is not ephemeral can be resumed later.
 * Never rejects; returns why the thread is still loaded.
 */
export async function unloadThread(
  server: AppServer,
  threadId: string,
  deadlineMs: number,
): Promise<Failure | undefined> {
  const { closed, unfollow } = watchForClose(server, threadId)
  const answer = await server.request('thread/unsubscribe', { threadId })
  const failure =
    answer.type === 'result'
      ? await untilClosed(answer.result, closed, deadlineMs)
      : createRpcRefusalFailure(codexCli.label, 'unload a thread', answer)
  unfollow()
  return failure
}

async function untilClosed(
  answer: unknown,
  closed: Promise<void>,
  deadlineMs: number,
): Promise<Failure | undefined> {
  // A thread that the server had unloaded by itself is not closed again.
  if (UnsubscribeAnswer.safeParse(answer).data?.status !== 'unsubscribed') return undefined
  return (await settlesWithin(closed, deadlineMs)) ? undefined : neverClosed
}

const neverClosed: Failure = { reason: 'timed-out', message: 'codex did not unload a thread in time' }

function watchForClose(server: AppServer, threadId: string): { closed: Promise<void>; unfollow: () => void } {
  let close: () => void
  const closed = new Promise<void>((resolve) => (close = resolve))
  const unfollow = server.follow(threadId, {
    onNotification: ({ method }) => {
      if (method === 'thread/closed') close()
    },
    onRequest: () => 'unknown',
  })
  return { closed, unfollow }
}
