import { randomUUID } from 'node:crypto'
import type { FakeCodexBehaviour } from './behaviour.js'
import { createFakeThread, type FakeThread, type UserText, type FakeThreadOptions } from './fake-thread.js'
import { threadAnswer, type Line, type WriteLine } from './lines.js'

/** The threads of a fake `codex`, in memory. Any thread id can be resumed. */
export type FakeThreads = {
  start(policy: Policy): Line
  /** The number of threads that were started, and neither resumed nor forked. */
  started(): number
  resume(id: string, policy: Policy): Line
  /** Creates a copy of a thread, or of its beginning. */
  fork(id: string, part: Part & Policy): Line
  /** Removes the last turns of a thread. */
  revert(id: string, part: Part): Line
  get(id: string): FakeThread | undefined
  leave(id: string): Line
  /** Passes an answer to the thread whose request it answers. */
  answer(requestId: number, allowed: boolean): void
}

/** A thread's approval policy: commands ask unless it is `never`. */
type Policy = { approvalPolicy?: string | null | undefined }

/** The turns of a thread that a fork or revert keeps; all of them when no turn is named. */
type Part = { beforeTurnId?: string | null | undefined; lastTurnId?: string | null | undefined }

/** Creates the threads of a fake `codex`, none at first. */
export function createFakeThreads(parts: { behaviour: FakeCodexBehaviour; write: WriteLine }): FakeThreads {
  const { behaviour, write } = parts
  const threads = new Map<string, FakeThread>()
  const said = new Map<string, readonly UserText[]>()
  let started = 0
  let lastId = 0
  const nextId = () => (lastId += 1)
  const open = (id: string, { approvalPolicy }: Policy, earlier: FakeThreadOptions['earlier']) => {
    const asks = approvalPolicy !== 'never'
    const remember = (turn: UserText) => void said.set(id, [...saidIn(id), turn])
    const memory = { earlier, said: () => saidIn(id), remember }
    threads.set(id, createFakeThread({ id, behaviour, asks, write, nextId, ...memory }))
    return threadAnswer(id)
  }
  const saidIn = (id: string) => said.get(id) ?? []
  return {
    start: (policy) => {
      started += 1
      return open(randomUUID(), policy, 'none')
    },
    started: () => started,
    resume: (id, policy) => open(id, policy, 'repeated'),
    fork: (id, part) => {
      const copy = randomUUID()
      said.set(copy, kept(saidIn(id), part))
      return open(copy, part, 'counted')
    },
    revert: (id, part) => {
      said.set(id, kept(saidIn(id), part))
      return threadAnswer(id)
    },
    get: (id) => threads.get(id),
    leave: (threadId) => {
      if (behaviour === 'never-leaves-a-thread') return { status: 'unsubscribed' }
      if (!threads.delete(threadId)) return { status: 'notLoaded' }
      setImmediate(() => write({ method: 'thread/closed', params: { threadId } }))
      return { status: 'unsubscribed' }
    },
    answer: (requestId, allowed) => {
      for (const each of threads.values()) each.answer(requestId, allowed)
    },
  }
}

function kept(said: readonly UserText[], { beforeTurnId, lastTurnId }: Part): readonly UserText[] {
  const before = said.findIndex(({ turnId }) => turnId === beforeTurnId)
  const last = said.findIndex(({ turnId }) => turnId === lastTurnId)
  if (before !== -1) return said.slice(0, before)
  return last === -1 ? said : said.slice(0, last + 1)
}
