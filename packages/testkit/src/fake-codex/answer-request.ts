import { unknownSessionId } from '../driver-contract/no-session.js'
import type { FakeCodexBehaviour } from './behaviour.js'
import type { FakeThreads } from './fake-threads.js'
import type { Request } from './received.js'
import { modelList, type Line } from './lines.js'

type Server = { behaviour: FakeCodexBehaviour; threads: FakeThreads }

/** Answers a request to a fake `codex`: a text is a refusal, undefined is no answer, because the fake misbehaves. */
export function answerRequest(request: Request, { behaviour, threads }: Server): Line | string | undefined {
  const { method, params } = request
  const { threadId, input } = params
  const rewinds = Boolean(params.beforeTurnId ?? params.lastTurnId)
  const [{ text } = { text: '' }] = input
  if (rewinds && behaviour === 'refuses-rewind') return 'not today'
  switch (method) {
    case 'initialize':
      return initialized(behaviour)
    case 'account/read':
      return { account: null, requiresOpenaiAuth: false }
    case 'model/list':
      return modelList
    case 'config/read':
      return { config: { mcp_servers: {} } }
    case 'thread/start':
      return startThread({ behaviour, threads }, params)
    case 'thread/fork':
      return threads.fork(threadId, params)
    case 'thread/revert':
      return threads.revert(threadId, params)
    case 'thread/resume':
      return threadId === unknownSessionId
        ? `no rollout found for thread id ${threadId}`
        : threads.resume(threadId, params)
    case 'thread/unsubscribe':
      return threads.leave(threadId)
    case 'turn/start':
      return { turn: { id: threads.get(threadId)?.start(text) } }
    case 'turn/steer':
      return threads.get(threadId)?.steer(text) ? {} : 'no active turn to steer'
    case 'turn/interrupt':
      return threads.get(threadId)?.interrupt() ? {} : 'no active turn to interrupt'
    default:
      return {}
  }
}

function startThread(
  { behaviour, threads }: Server,
  { approvalPolicy }: Request['params'],
): Line | string | undefined {
  if (behaviour === 'hangs-at-thread-start') return undefined
  const isFirst = threads.started() === 0
  if (!isFirst && behaviour === 'hangs-at-second-thread') return undefined
  return !isFirst && behaviour === 'refuses-second-thread'
    ? 'no room for a thread'
    : threads.start({ approvalPolicy })
}

function initialized(behaviour: FakeCodexBehaviour): Line | string | undefined {
  if (behaviour === 'hangs-at-initialize') return undefined
  return behaviour === 'refuses-to-initialize' ? 'not today' : { userAgent: 'subagent-mcp/0.169.0 (fake)' }
}
