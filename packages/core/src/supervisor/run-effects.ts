import {
  createDebouncedCall,
  omitUndefined,
  SubagentError,
  type SessionCloseMode,
  type Driver,
  type SessionEventSink,
  type SessionOpenOutcome,
  type SessionEvent,
  type SessionSpec,
} from '@subagent-mcp/contract'
import { createTurnCheckRunner, type TurnCheckRunnerOptions } from '../checks/turn-check-runner.js'
import { loadAttachedFiles } from '../attachments/load-attached-files.js'
import {
  createAccountEnvironment,
  findAgentAccount,
  type AccountsAndDrivers,
} from '../accounts/named-accounts.js'
import type { UserPermissionPrompts } from '../questions/user-permission-prompts.js'
import type { Effect } from '../state/effect.js'
import type { AgentFact, Fact } from '../state/fact.js'
import type { ToolCallRuling } from '../questions/tool-call-ruling.js'
import type { PoolPort, SupervisorOptions } from './supervisor.js'
import {
  dropWaitingSessionCommands,
  sendSessionCommand,
  type OpenAgentSession,
} from './send-session-command.js'
import { createOutputSchemaRequest, createSessionSpec } from './session-spec.js'

/** The ports of the function that runs a supervisor's effects. */
export type EffectRunnerOptions = Omit<TurnCheckRunnerOptions, 'dispatch'> &
  AccountsAndDrivers & {
    /** Returns a caller's environment variables. They are not in the state, because they hold secrets. */
    environmentOf: (caller: string) => SessionSpec['environment']
    dispatch: (fact: AgentFact | (Fact & { type: 'budget-due' })) => void
    pool: PoolPort | undefined
    beforeSession: SupervisorOptions['beforeSession'] | undefined
    beforeTurn: SupervisorOptions['beforeTurn'] | undefined
    findLocalMcpServer: SupervisorOptions['findLocalMcpServer'] | undefined
    prompts: UserPermissionPrompts
    /** Decides an agent's question by the policy, synchronously. */
    ruleQuestion: (event: Question, of: Effect & { type: 'open' }) => ToolCallRuling
    /** Measures the machine's memory and load, and dispatches the result. */
    measure: () => void
  }

type Question = SessionEvent & { type: 'approval-requested' }

/** Returns a function that runs an effect of the supervisor and dispatches its outcome. It never throws. */
export function createEffectRunner(options: EffectRunnerOptions): (effect: Effect) => void {
  const { clock, dispatch } = options
  const sessions = new Map<string, OpenAgentSession>()
  const timers = new Map<string, () => void>()
  const checks = createTurnCheckRunner(options)
  const measuring = createDebouncedCall(clock, measureAfter, options.measure)
  return (effect) => {
    switch (effect.type) {
      case 'open':
      case 'send':
      case 'send-files':
      case 'close':
        runOnSession(options, sessions, effect)
        return
      case 'check':
        checks.run(effect)
        return
      case 'cancel-check':
        checks.cancel(effect.agentId)
        return
      case 'grant-slot':
        dispatch({ type: 'slot-granted', at: clock.now(), agentId: effect.agentId })
        return
      case 'expire-idle':
      case 'limit-turn':
        startSessionTimer(options, sessions.get(effect.agentId), effect)
        return
      case 'spend-budget':
        dispatch({ ...effect, type: 'budget-spent', at: clock.now() })
        return
      case 'check-budget':
        checkBudget(options, timers, effect)
        return
      case 'limit-question':
        limitQuestion(options, effect)
        return
      case 'show-question':
      case 'hide-question':
        options.prompts.run(effect)
        return
      case 'retire-pooled':
        options.pool?.retireLongestIdle()
        return
      case 'measure-later':
        measuring.request()
    }
  }
}

function runOnSession(
  options: EffectRunnerOptions,
  sessions: Map<string, OpenAgentSession>,
  effect: Effect & { type: 'open' | 'send' | 'send-files' | 'close' },
): void {
  if (effect.type === 'open') {
    void openSession(options, sessions, effect)
    return
  }
  const session = sessions.get(effect.agentId)
  if (effect.type === 'send') sendSessionCommand(options, session, effect)
  else if (effect.type === 'send-files') sendWithFiles(options, session, effect)
  else closeSession(session, effect.mode)
}

/** Sends a message with its files, and notes each file that is not as it was attached. */
function sendWithFiles(
  options: EffectRunnerOptions,
  entry: OpenAgentSession | undefined,
  { agentId, command, files }: Effect & { type: 'send-files' },
): void {
  const { clock, dispatch } = options
  const loaded = loadAttachedFiles(command, files)
  sendSessionCommand(options, entry, { agentId, command: loaded })
  for (const { path, problem } of loaded.files) {
    if (problem === undefined) continue
    const event = { type: 'notice', text: `attached file ${path}: ${problem}` } as const
    dispatch({ type: 'session-event-received', at: clock.now(), agentId, event })
  }
}

function closeSession(entry: OpenAgentSession | undefined, mode: SessionCloseMode): void {
  dropWaitingSessionCommands(entry)
  if (entry?.session) void entry.session.close(mode)
  else entry?.opening.abort()
}

/** Starts the timer of an agent's idle time or turn, and stops the earlier one: a session is either idle or in a turn. */
function startSessionTimer(
  { clock, dispatch }: EffectRunnerOptions,
  session: OpenAgentSession | undefined,
  effect: Effect & { type: 'expire-idle' | 'limit-turn' },
): void {
  if (!session) return
  const { type, agentId, since, delay } = effect
  const expire = (): void => {
    const about = { at: clock.now(), agentId, since }
    if (type === 'expire-idle') dispatch({ type: 'idle-expired', ...about })
    else dispatch({ type: 'turn-expired', turnId: effect.turnId, ...about })
  }
  session.stopTimer?.()
  if (delay > 0) session.stopTimer = clock.after(delay, expire)
  else expire()
}

function limitQuestion(
  { clock, dispatch }: EffectRunnerOptions,
  effect: Effect & { type: 'limit-question' },
): void {
  const { agentId, requestId, until, delay } = effect
  clock.after(delay, () => {
    dispatch({ type: 'question-expired', at: clock.now(), agentId, requestId, until })
  })
}

/** Starts the timer of a budget, and stops the earlier one. */
function checkBudget(
  { clock, dispatch }: EffectRunnerOptions,
  timers: Map<string, () => void>,
  { rootId, delay }: Effect & { type: 'check-budget' },
): void {
  timers.get(rootId)?.()
  const stop = clock.after(delay, () => {
    timers.delete(rootId)
    dispatch({ type: 'budget-due', at: clock.now(), rootId })
  })
  timers.set(rootId, stop)
}

/** The milliseconds between measurements of memory while agents wait. No fact reports a change of free memory. */
const measureAfter = 1_000

async function openSession(
  options: EffectRunnerOptions,
  sessions: Map<string, OpenAgentSession>,
  effect: Effect & { type: 'open' },
): Promise<void> {
  const { drivers, clock, dispatch, ruleQuestion, beforeSession, findLocalMcpServer } = options
  const agentId = effect.profile.id
  const opening = new AbortController()
  const driver = drivers.get(effect.candidate.provider)
  const { outputSchema, ...asked } = createOutputSchemaRequest(effect.profile, driver)
  sessions.set(agentId, { opening })
  // Events of a session that come while the preparation of its first turn is awaited.
  let held: SessionEvent[] | undefined
  const sink: SessionEventSink = (event) => {
    if (held) return void held.push(event)
    if (event.type === 'session-closed') {
      sessions.get(agentId)?.stopTimer?.()
      dropWaitingSessionCommands(sessions.get(agentId))
      sessions.delete(agentId)
    }
    const at = clock.now()
    const ruling = event.type === 'approval-requested' ? ruleQuestion(event, effect) : undefined
    dispatch({ type: 'session-event-received', at, agentId, event, ...(ruling && { ruling }) })
  }
  const { abilities = { confines: false, toolChoice: false } } = driver ?? {}
  const spec = (): SessionSpec => ({
    ...createSessionSpec(effect, sessionEnvironment(options, effect), abilities),
    ...omitUndefined({ outputSchema, findLocalMcpServer }),
  })
  const preparing = effect.resumeSessionId === undefined ? beforeSession?.(effect) : undefined
  const outcome = await open(driver, { spec, sink, signal: opening.signal })
  if (preparing && outcome.type === 'opened') {
    held = []
    await preparing
  }
  if (outcome.type === 'opened') {
    const { session, notes, resumable = driver?.abilities.resume ?? false, pid } = outcome
    sessions.set(agentId, { opening, session, ...asked })
    const known = { ...(notes && { notes }), ...(pid !== undefined && { pid }) }
    dispatch({ type: 'session-opened', at: clock.now(), agentId, resumable, ...known })
    const early = held ?? []
    held = undefined
    early.forEach(sink)
  } else {
    sessions.delete(agentId)
    dispatch({ type: 'session-open-failed', at: clock.now(), agentId, failure: outcome.failure })
  }
}

/** The environment of a session: that of the caller, with the agent's account. @throws SubagentError if the account is not configured any more */
function sessionEnvironment(
  options: EffectRunnerOptions,
  { actor, profile, candidate }: Effect & { type: 'open' },
): SessionSpec['environment'] {
  return createAccountEnvironment(
    options,
    options.environmentOf(actor),
    findAgentAccount(profile, candidate.provider),
  )
}

/** Opens a session with the driver. If the driver throws, which its contract forbids, the opening has failed. */
async function open(
  driver: Driver | undefined,
  { spec, sink, signal }: { spec: () => SessionSpec; sink: SessionEventSink; signal: AbortSignal },
): Promise<SessionOpenOutcome> {
  try {
    if (!driver) throw new SubagentError('unknown-provider', 'no driver for this provider')
    return await driver.open(spec(), sink, signal)
  } catch (cause) {
    if (cause instanceof SubagentError)
      return {
        type: 'failed',
        failure: { reason: 'bad-request', message: cause.message, ...omitUndefined({ hint: cause.hint }) },
      }
    return {
      type: 'failed',
      failure: { reason: 'unknown', message: `the driver failed to open: ${String(cause)}` },
    }
  }
}
