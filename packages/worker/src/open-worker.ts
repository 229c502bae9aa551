import { createContact, type Contact } from './contact.js'
import { keepMemory, type KeptMemory } from './keep-memory.js'
import type { WorkerLine } from './worker-line.js'
import type { WorkerOptions, WorkerPorts } from './worker-ports.js'

/** A worker's parts, for those who do its steps. */
export type Worker = Omit<WorkerPorts, 'memory' | 'log'> & {
  options: WorkerOptions
  memory: KeptMemory
  contact: Contact
  /** With the time. */
  log(line: Untimed<WorkerLine>): void
}

type Untimed<Line> = Line extends unknown ? Omit<Line, 'at'> : never

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
