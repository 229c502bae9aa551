export { pause } from './backoff.js'
export { runWorker } from './run-worker.js'
export { toldBy } from './run-turn.js'
export { buildPrompt } from './build-prompt.js'
export { localCalendar, type Budget, type Calendar } from './budget.js'
export { WorkerMemory, type WorkerStatus } from './worker-memory.js'
export { type Rest, type TurnLine, type WorkerLine } from './worker-line.js'
export {
  usualWorker,
  type MemoryPort,
  type SessionChoice,
  type TurnOrder,
  type TurnOutcome,
  type Turns,
  type WorkerEnd,
  type WorkerMail,
  type WorkerOptions,
  type WorkerPorts,
} from './worker-ports.js'
