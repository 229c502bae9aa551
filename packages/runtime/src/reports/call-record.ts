import type { ToolCallDecisionSource, RecapAgent, RecapCommand } from '@subagent-mcp/api'
import type { SessionEvent } from '@subagent-mcp/contract'
import { isDecidedByPolicy, type Agent, type PermissionAnswerChannel, type Fact } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import {
  createEffectRecorder,
  type EffectRecorder,
  type CallEffects,
  type FactStamp,
} from './call-effects.js'
import { createRunningCalls, type RunningCall } from './running-calls.js'

/** Collects the tool calls of one agent: each command, who allowed it, and its effects. */
export type ToolCallRecorder = Pick<EffectRecorder, 'missed'> & {
  note(fact: Fact, place: FactStamp): void
  record(): CallEffects & Pick<RecapAgent, 'commands' | 'moreCommands'>
}

/** The most commands that are kept; the newest. */
const mostCommands = 100

/** Starts to collect calls. Facts must come in order. */
export function createToolCallRecorder(agent: Agent): ToolCallRecorder {
  const effects = createEffectRecorder(agent)
  const open = createRunningCalls(agent.profile.cwd)
  const commands: RecapCommand[] = []
  const list = (call: RunningCall, change: Partial<Pick<RecapCommand, 'by' | 'outcome' | 'why'>>): void => {
    const { seq, at, text: command } = call
    if (!call.entry) commands.push((call.entry = { seq, at, command, by: 'cli', outcome: 'open' }))
    Object.assign(call.entry, change)
  }
  const end = (call: RunningCall, outcome: 'ran' | 'failed' | 'open'): void => {
    if (call.entry?.outcome === 'denied') return
    if (call.entry || effects.isCommand(call)) list(call, { outcome })
    effects.made(call, outcome === 'failed')
  }
  const answer = (call: RunningCall, { by, isAllowed, why }: Answer): void => {
    // The list of changed files already shows an edit that the policy allowed.
    if (by === 'policy' && isAllowed && !effects.isCommand(call)) return
    list(call, { by, outcome: isAllowed ? 'open' : 'denied', why: maskSecrets(why) })
  }
  const onEvent = (event: SessionEvent, { ruling }: EventFact, place: FactStamp): void => {
    if (event.type === 'tool-started') open.told(event, place)
    if (event.type === 'approval-requested') {
      const call = open.told(event, place)
      if (!isDecidedByPolicy(ruling)) list(call, { by: 'person' })
      else answer(call, { by: 'policy', isAllowed: ruling.verdict === 'allow', why: ruling.by })
    }
    if (event.type === 'tool-ended') {
      const call = open.take(event.callId)
      if (call) end(call, event.failed ? 'failed' : 'ran')
    }
    // A tool call whose end no fact reports may have been carried out.
    if (event.type === 'turn-ended' || event.type === 'session-closed')
      for (const call of open.takeAll()) if (call.callId !== undefined) end(call, 'open')
  }
  return {
    missed: effects.missed,
    note: (fact, place) => {
      if (fact.type === 'session-event-received') onEvent(fact.event, fact, place)
      const answered = answerIn(fact)
      const call = answered && open.withRequest(answered.requestId)
      if (call) answer(call, answered)
    },
    record: () => ({
      ...effects.effects(),
      commands: commands.slice(-mostCommands),
      moreCommands: Math.max(0, commands.length - mostCommands),
    }),
  }
}

type EventFact = Fact & { type: 'session-event-received' }

type Answer = { by: ToolCallDecisionSource; isAllowed: boolean; why: string }

/** Returns the answer to a permission request in a fact, unless the policy gave it. */
function answerIn(fact: Fact): (Answer & { requestId: string }) | undefined {
  if (fact.type === 'question-expired')
    return { requestId: fact.requestId, by: 'deadline', isAllowed: false, why: 'not answered in time' }
  if (fact.type !== 'answer-requested') return undefined
  const { requestId, decision, by, reason, who } = fact
  return { requestId, by: deciderOf(by), isAllowed: decision === 'allow', why: reason ?? who }
}

function deciderOf(by: PermissionAnswerChannel): ToolCallDecisionSource {
  if (by === 'tool') return 'model'
  return by === 'http' ? 'program' : 'person'
}
