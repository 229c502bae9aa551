import { endTagged } from '@subagent-mcp/driver-kit'
import type { AppServer } from '../server/app-server.js'

/** The processes that the threads of one session leave running. */
export type Leftovers = {
  /** Kills those of a thread. Resolves when they are gone, or after `leave`. */
  end(threadId: string): Promise<void>
  /** Makes `end` resolve immediately: a process that is slow to die is no fault of the server. */
  leave(): void
  /** Resolves when all of them are gone. */
  gone(): Promise<void>
}

/** Runs `endOf`, which never rejects, for each thread; callers can stop waiting for it. */
export function createLeftovers(endOf: (threadId: string) => Promise<void>): Leftovers {
  let ended = Promise.resolve()
  let leave: () => void = () => undefined
  const isLeft = new Promise<void>((resolve) => (leave = resolve))
  return {
    end: (threadId) => {
      const ending = [ended, endOf(threadId)]
      ended = Promise.all(ending).then(() => undefined)
      return Promise.race([ended, isLeft])
    },
    leave: () => leave(),
    gone: () => ended,
  }
}

/** Kills the processes that the tools of a thread left running. Codex sets the thread's id in their environment. Never rejects. */
export async function endProcesses({ mark, pid }: AppServer, threadId: string): Promise<void> {
  await endTagged({ mark, pid, name: 'CODEX_THREAD_ID', value: threadId })
}
