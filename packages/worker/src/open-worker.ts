import { keepMemory, type KeptMemory } from './keep-memory.js'
import type { WorkerLine } from './worker-line.js'
import type { WorkerOptions, WorkerPorts } from './worker-ports.js'
import type { Clock } from '@subagent-mcp/contract'
import { backoffMs, pause } from './backoff.js'
import { isUnreachable, errorLine } from './describe-error.js'

/** A worker's parts, for those who do its steps. */
export type Worker = Omit<WorkerPorts, 'memory' | 'log'> & {
  options: WorkerOptions
  memory: KeptMemory
  contact: MailboxContact
  /** With the time. */
  log(line: WithoutTime<WorkerLine>): void
}

type WithoutTime<Line> = Line extends unknown ? Omit<Line, 'at'> : never

/** Joins the parts. @throws SubagentError when its memory cannot be read */
export function openWorker(ports: WorkerPorts, options: WorkerOptions): Worker {
  const { clock } = ports
  const memory = keepMemory(ports)
  const log: Worker['log'] = (line) => {
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

/** Calls that wait until the mailbox can be reached. */
type MailboxContact = {
  /** Tries for ever while it cannot be reached; when the signal aborts, rejects with what the last try said. */
  reach<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>
}

/** `onLost` and `onFound` are called in turns: when it cannot be reached any more, and when it can again. */
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
          if (!isUnreachable(error)) throw error
          if (!lost) onLost(errorLine(error))
          lost = true
          await pause(backoffMs(failures), { clock, signal })
          if (signal.aborted) throw error
        }
      }
    },
  }
}

type ContactOptions = { clock: Clock; onLost: (problem: string) => void; onFound: () => void }
