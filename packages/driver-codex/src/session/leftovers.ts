import { endTagged } from '@subagent-mcp/driver-kit'
import type { AppServer } from '../server/app-server.js'

/** What the threads of one session leave running. */
export type Leftovers = {
  /** Ends that of a thread. Resolves when it is gone, or when nothing waits for it any more. */
  end(threadId: string): Promise<void>
  /** From here on only `gone` waits: what is slow to die is no fault of the server's. */
  leave(): void
  /** Resolves when all that was to end is gone. */
  gone(): Promise<void>
}

/** Keeps what ends apart from who waits for it; `endOf` never rejects. */
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

/** Ends the processes that the tools of a thread left running; Codex gives each its thread's id. Never rejects. */
export async function endProcesses({ mark, pid }: AppServer, threadId: string): Promise<void> {
  await endTagged({ mark, pid, name: 'CODEX_THREAD_ID', value: threadId })
}
