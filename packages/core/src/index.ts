export { describeCall } from './agent/activity.js'
export { callWords } from './questions/call-words.js'
export { answerPermission, type AnswerOrder } from './questions/answer-permission.js'
export { type Attendant, type UserAnswer } from './questions/user-prompts.js'
export { type Blueprint, type PoolPlace, type SessionSetup } from './launch/launch-template.js'
export { checkLauncher, checkRoom, hasRoomToSpare } from './capacity/check-room.js'
export { agentOf } from './state/agent-of.js'
export { type Agent, type PendingApproval, type Turn } from './agent/agent.js'
export { idleSeconds, summarizeAgent } from './agent/agent-summary.js'
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
} from './agent/agent-view.js'
export { connectCaller, disconnectCaller, type CallerOptions } from './requests/caller-connection.js'
export { drain, pruneAgents, releaseAgent, shutDown, stopAgent } from './requests/end-agents.js'
export { type Fact } from './state/fact.js'
export { isInside } from './launch/is-inside.js'
export { failureError } from './launch/failure-error.js'
export { type DurableFact, type FactJournal } from './journal/fact-writer.js'
export { type CallerState, type ChildProcess, type Fleet } from './state/agents-state.js'
export { grantAuthority } from './launch/grant-authority.js'
export { findAgent, launch, type LaunchResult } from './launch/launch.js'
export { type LaunchRequest } from './launch/launch-request.js'
export { findOwnAgent, ownAgents, ownTo } from './state/own-agents.js'
export { createJudge, type TestCommands } from './questions/judge.js'
export { unlimited, type Limits } from './capacity/limits.js'
export {
  addLoads,
  fleetLoad,
  holdsProcess,
  noLoad,
  type Load,
  type Machine,
  type PoolLoad,
} from './capacity/load.js'
export {
  createMemoryJournal,
  type FactHistory,
  type FactPage,
  type MemoryJournal,
} from './journal/memory-journal.js'
export {
  interruptAgent,
  sendMessage,
  type MessageOrder,
  type MessageResult,
} from './requests/send-message.js'
export { readFact } from './journal/read-fact.js'
export { askedQuestions, openQuestions, pendingApprovals, type ReportContent } from './agent/reports.js'
export { describeAttempt } from './launch/route.js'
export {
  isSettled,
  type AnswerChannel,
  type Channel,
  type Judge,
  type Ruling,
  type Verdict,
} from './questions/ruling.js'
export { authorityOf, sessionRights } from './launch/session-rights.js'
export {
  createSupervisor,
  randomAgentId,
  type FactListener,
  type Ids,
  type MachinePort,
  type Supervisor,
  type SupervisorOptions,
} from './supervisor/supervisor.js'
export { awaitTask, closeCall, forgetTask, launchTask, type TaskResult } from './requests/await-task.js'
export { untilFact } from './requests/until-fact.js'
export { acknowledgeReports, waitForReports, type WaitResult } from './requests/wait-for-reports.js'
export { newsOf, waitOutcome, type News, type WaitOutcome, type WaitQuery } from './requests/wait-outcome.js'
export { type Waiting } from './capacity/queue-place.js'
