export { formatErrorOnOneLine } from './describe-error.js'
export { formatWorkerLine, formatWorkerStatus, formatWorkerPauseReason } from './line-text.js'
export { pause, computeWorkerRetryDelayMs } from './pause.js'
export { runWorker } from './run-worker.js'
export { addMissedTurns, type CountedTurn } from './count-turn.js'
export { turnDetails } from './run-turn.js'
export { buildWorkerPrompt } from './build-prompt.js'
export { localCalendar, type DailyBudget, type DayCalendar } from './budget.js'
export { WorkerMemory, type WorkerStatus } from './worker-memory.js'
export { type WorkerPause, type WorkerTurnLine, type WorkerLine } from './worker-line.js'
export {
  defaultWorkerOptions,
  type MemoryPort,
  type SessionChoice,
  type TurnRequest,
  type TurnEnd,
  type TurnRunner,
  type WorkerEnd,
  type WorkerMail,
  type WorkerOptions,
  type WorkerPorts,
} from './worker-ports.js'
