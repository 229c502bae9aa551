export { formatErrorOnOneLine } from './describe-error.js'
export { formatWorkerLine, formatWorkerStatus, formatWorkerPauseReason } from './format-worker-line.js'
export { sleepUntilAborted, computeWorkerRetryDelayMs } from './retry-delay.js'
export { runWorker } from './run-worker.js'
export { addMissedTurns, type CountedTurn } from './count-turn.js'
export { getKnownTurnDetails } from './run-worker-turn.js'
export { buildWorkerPrompt } from './build-worker-prompt.js'
export { localDayCalendar, type DailyBudget, type DayCalendar } from './daily-budget.js'
export { WorkerMemory, type WorkerStatus } from './worker-memory.js'
export { type WorkerPause, type WorkerTurnLine, type WorkerLine } from './worker-line.js'
export {
  defaultPollMsOnce,
  defaultWorkerOptions,
  type WorkerMemoryPort,
  type WorkerSessionChoice,
  type WorkerTurnRequest,
  type WorkerTurnEnd,
  type WorkerTurnRunner,
  type WorkerEnd,
  type WorkerMail,
  type WorkerOptions,
  type WorkerPorts,
} from './worker-ports.js'
