export { errorAsOneLine } from './describe-error.js'
export { lineText, statusText, whyText } from './line-text.js'
export { pause, workerRetryDelayMs } from './pause.js'
export { runWorker } from './run-worker.js'
export { turnDetails } from './run-turn.js'
export { buildWorkerPrompt } from './build-prompt.js'
export { localCalendar, type DailyBudget, type DayCalendar } from './budget.js'
export { WorkerMemory, type WorkerStatus } from './worker-memory.js'
export { type RestPeriod, type TurnLine, type WorkerLine } from './worker-line.js'
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
