import type { FakeCodexBehaviour } from './behaviour.js'
import { createFakeThread, type FakeThread } from './fake-thread.js'
import { thread, type Line, type Write } from './lines.js'

/** The threads of a fake server: in memory, and any that is asked for can be taken up again. */
export type FakeThreads = {
  open(id: string): Line
  get(id: string): FakeThread | undefined
  leave(id: string): Line
  /** Gives an answer to whoever asked. */
  answer(requestId: number, allowed: boolean): void
}

/** No threads yet. */
export function createFakeThreads(parts: { behaviour: FakeCodexBehaviour; write: Write }): FakeThreads {
  const { behaviour, write } = parts
  const threads = new Map<string, FakeThread>()
  let lastId = 0
  const nextId = () => (lastId += 1)
  return {
    open: (id) => {
      threads.set(id, createFakeThread({ id, behaviour, write, nextId }))
      return thread(id)
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
