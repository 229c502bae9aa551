export { describeCall } from './activity.js'
export { callWords } from './call-words.js'
export { answerPermission, type AnswerOrder } from './answer-permission.js'
export { type Attendant, type UserAnswer } from './audience.js'
export { type Blueprint, type PoolPlace, type SessionSetup } from './blueprint.js'
export { checkLauncher, checkRoom, hasRoomToSpare } from './check-room.js'
export { agentOf } from './agent-of.js'
export { type Agent, type PendingApproval, type Turn } from './agent.js'
export { idleSeconds, summarizeAgent } from './agent-summary.js'
export {
  agentFailure,
  agentStatus,
  answererOf,
  isEnded,
  isRunning,
  queuedMessages,
  saidSoFar,
  takesMessages,
  turnNumber,
  type ViewTime,
} from './agent-view.js'
export { connectCaller, disconnectCaller, type CallerOptions } from './caller-connection.js'
export { drain, pruneAgents, releaseAgent, shutDown, stopAgent } from './end-agents.js'
export { type Fact } from './fact.js'
export { isInside } from './is-inside.js'
export { failureError } from './failure-error.js'
export { type DurableFact, type FactJournal } from './fact-writer.js'
export { type CallerState, type ChildProcess, type Fleet } from './fleet.js'
export { grantAuthority } from './grant-authority.js'
export { findAgent, launch, type LaunchResult } from './launch.js'
export { type LaunchRequest } from './launch-request.js'
export { findOwnAgent, ownAgents, ownTo } from './own-agents.js'
export { createJudge, type TestCommands } from './judge.js'
export { unlimited, type Limits } from './limits.js'
export { addLoads, fleetLoad, holdsProcess, noLoad, type Load, type Machine, type PoolLoad } from './load.js'
export { createMemoryJournal, type FactHistory, type FactPage, type MemoryJournal } from './memory-journal.js'
export { interruptAgent, sendMessage, type MessageOrder, type MessageResult } from './orders.js'
export { readFact } from './read-fact.js'
export { askedQuestions, openQuestions, pendingApprovals, type ReportContent } from './reports.js'
export { describeAttempt } from './route.js'
export {
  isSettled,
  type AnswerChannel,
  type Channel,
  type Judge,
  type Ruling,
  type Verdict,
} from './ruling.js'
export { authorityOf, sessionRights } from './session-rights.js'
export {
  createSupervisor,
  randomAgentId,
  type FactListener,
  type Ids,
  type MachinePort,
  type Supervisor,
  type SupervisorOptions,
} from './supervisor.js'
export { awaitTask, closeCall, forgetTask, launchTask, type TaskResult } from './await-task.js'
export { untilFact } from './until-fact.js'
export { acknowledgeReports, waitForReports, type WaitResult } from './wait-for-reports.js'
export { newsOf, waitOutcome, type News, type WaitOutcome, type WaitQuery } from './wait-outcome.js'
export { type Waiting } from './waiting.js'
