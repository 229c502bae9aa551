import { killTaggedProcesses } from '@subagent-mcp/driver-kit'
import type { AppServer } from '../server/app-server.js'

export type LeftoverProcesses = {
  /** Kills the processes of one Codex thread. Resolves when they are gone, or after `leave`. */
  end(threadId: string): Promise<void>
  /** Makes `end` resolve immediately, because a process that is slow to die is no fault of the Codex server. */
  leave(): void
  /** Resolves when the processes of all threads are gone. */
  gone(): Promise<void>
}

/** Creates the leftovers of a Codex session. `endOf`, which never rejects, kills those of a thread; callers can stop waiting. */
export function createLeftoverProcesses(endOf: (threadId: string) => Promise<void>): LeftoverProcesses {
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
export async function killThreadProcesses({ mark, pid }: AppServer, threadId: string): Promise<void> {
  await killTaggedProcesses({ mark, pid, name: 'CODEX_THREAD_ID', value: threadId })
}
