import { loadWorkerMemory, type LoadedWorkerMemory } from './load-worker-memory.js'
import type { WorkerLine } from './worker-line.js'
import type { WorkerOptions, WorkerPorts } from './worker-ports.js'
import type { Clock } from '@subagent-mcp/contract'
import { computeWorkerRetryDelayMs, sleepUntilAborted } from './retry-delay.js'
import { isUnreachableError, formatErrorOnOneLine } from './describe-error.js'

/** The ports and state of a running worker. */
export type RunningWorker = Omit<WorkerPorts, 'memory' | 'onStatus' | 'log'> & {
  options: WorkerOptions
  memory: LoadedWorkerMemory
  contact: MailboxContact
  /** Writes a line to the worker's log, with the current time. */
  log(line: WithoutTime<WorkerLine>): void
}

type WithoutTime<Line> = Line extends unknown ? Omit<Line, 'at'> : never

/** Loads the memory and connects the ports. @throws SubagentError where the memory cannot be read */
export function openWorker(ports: WorkerPorts, options: WorkerOptions): RunningWorker {
  const { clock } = ports
  const memory = loadWorkerMemory(ports)
  const log: RunningWorker['log'] = (line) => {
    ports.log({ at: clock.now(), ...line })
  }
  let before = memory.now().status
  const contact = createContact({
    clock,
    onLost: (problem) => {
      log({ type: 'unreachable', problem })
      before = memory.now().status
      memory.change({ status: { type: 'unreachable', since: clock.now(), problem } })
    },
    onFound: () => {
      log({ type: 'recovered' })
      memory.change({ status: before })
    },
  })
  return { ...ports, options, memory, contact, log }
}

/** A worker's calls to the mailbox, which wait until the mailbox can be reached. */
type MailboxContact = {
  /** Retries `call` while the mailbox cannot be reached. Rejects with the last error when the signal aborts. */
  reach<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>
}

/** Creates a contact to the mailbox. Calls `onLost` when the mailbox becomes unreachable, `onFound` when it is back. */
function createContact({ clock, onLost, onFound }: ContactOptions): MailboxContact {
  let lost = false
  return {
    reach: async (call, signal) => {
      for (let failures = 1; ; failures++) {
        try {
          const answer = await call()
          if (lost) onFound()
          lost = false
          return answer
        } catch (error) {
          if (!isUnreachableError(error)) throw error
          if (!lost) onLost(formatErrorOnOneLine(error))
          lost = true
          await sleepUntilAborted(computeWorkerRetryDelayMs(failures), { clock, signal })
          if (signal.aborted) throw error
        }
      }
    },
  }
}

type ContactOptions = { clock: Clock; onLost: (problem: string) => void; onFound: () => void }
