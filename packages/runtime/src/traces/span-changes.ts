import type { GateEvidence, GateRunResult } from '@subagent-mcp/api'
import { isAgentInTurn, type Agent, type Fact } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import { listOpenSpans, createTurnSpan, createWorkSpan } from './open-spans.js'
import {
  captureCallArgumentsForSpan,
  captureCallResultForSpan,
  captureInputMessagesForSpan,
  computeSpanResult,
  describeTurnResult,
} from './span-results.js'
import type { AgentChange, OpenSpan, SpanChange, SpanTextCapture } from './span.js'

/** Translates a fact to the beginnings and ends of spans, in their order. */
export function computeSpanChanges(change: AgentChange, capture: SpanTextCapture): readonly SpanChange[] {
  const { before, after, fact } = change
  const { at } = fact
  if (fact.type === 'recovered') return recoveredSpans(after, at, capture)
  const was = before ? listOpenSpans(before) : []
  const now = listOpenSpans(after)
  const ended = was.filter((span) => !has(now, span)).reverse()
  const begun = now.filter((span) => !has(was, span))
  return [
    ...callChanges(change, capture),
    ...gateSpans(fact),
    ...ended.map((span): SpanChange => ({
      change: 'end',
      at,
      key: span.key,
      ...computeSpanResult(span, change, capture),
    })),
    ...begun.map((span): SpanChange => begin(at, withMessages(span, after, capture))),
  ]
}

function has(spans: readonly OpenSpan[], { key }: OpenSpan): boolean {
  return spans.some((span) => span.key === key)
}

function begin(at: number, span: OpenSpan): SpanChange {
  return { change: 'begin', at, ...span }
}

/** Adds the messages of a turn that begins. */
function withMessages(span: OpenSpan, { phase }: Agent, capture: SpanTextCapture): OpenSpan {
  if (!capture || span.type !== 'turn' || !isAgentInTurn(phase)) return span
  const messages = { 'gen_ai.input.messages': captureInputMessagesForSpan(phase.turn.messages, capture) }
  return { ...span, attributes: { ...span.attributes, ...messages } }
}

/** The beginnings and ends of tool calls. A call that is still open when its turn ends, ends with it. */
function callChanges({ before, fact }: AgentChange, capture: SpanTextCapture): readonly SpanChange[] {
  if (fact.type !== 'session-event-received' || !before || !isAgentInTurn(before.phase)) return []
  const { event, at } = fact
  // The span of a turn whose result is being checked has ended.
  if (before.phase.status === 'checking') return []
  if (event.type === 'tool-ended') {
    const result = captureCallResultForSpan(event, capture)
    return [{ change: 'end', at, key: `tool ${event.callId}`, ...result }]
  }
  if (event.type !== 'tool-started') return []
  const span: OpenSpan = {
    type: 'tool',
    key: `tool ${event.callId}`,
    parent: `turn ${before.phase.turn.id}`,
    name: `execute_tool ${event.tool}`,
    kind: 'internal',
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': event.tool,
      'gen_ai.tool.call.id': event.callId,
      'gen_ai.agent.id': before.profile.id,
      ...captureCallArgumentsForSpan(event, capture),
    },
  }
  return [begin(at, span)]
}

/** The spans of the commands that a check ran, first on the result and then on the state before the work. */
function gateSpans(fact: Fact): readonly SpanChange[] {
  if (fact.type !== 'turn-checked') return []
  const gates = fact.verdict.check.evidence.filter((one): one is GateEvidence => one.type === 'gate')
  const [first] = gates
  const parent = `check ${fact.turnId}`
  return gates.flatMap(({ base, ...gate }, index) => [
    ...gateSpan(gate, { command: gate.command, on: 'result', key: `gate ${index}`, parent }),
    // What an earlier check found on the base is not run again.
    ...((base.startedAt ?? 0) >= (first?.startedAt ?? Infinity)
      ? gateSpan(base, { command: gate.command, on: 'base', key: `base ${index}`, parent })
      : []),
  ])
}

function gateSpan(
  { startedAt, durationMs, outcome, code }: GateRunResult,
  { command, on, ...place }: { command: string; on: 'result' | 'base'; key: string; parent: string },
): readonly SpanChange[] {
  if (startedAt === undefined) return []
  const attributes = {
    'subagent_mcp.gate.command': maskSecrets(command),
    'subagent_mcp.gate.files': on,
    'subagent_mcp.gate.outcome': outcome,
    'process.exit.code': code,
  }
  const error = outcome === 'passed' ? {} : { error: { type: outcome } }
  return [
    begin(startedAt, { type: 'gate', ...place, name: 'gate', kind: 'internal', attributes }),
    { change: 'end', at: startedAt + durationMs, key: place.key, ...error },
  ]
}

/**
 * The spans of an agent whose daemon died while it worked: their beginnings are in the agent's state, and the spans that the dead
 * daemon had open were never sent.
 */
function recoveredSpans(agent: Agent, at: number, capture: SpanTextCapture): readonly SpanChange[] {
  const { phase, turns, profile } = agent
  if (phase.status !== 'ended' || phase.ending.type !== 'interrupted' || phase.at !== at) return []
  const last = turns.at(-1)
  const lost = last?.endedAt === at ? last : undefined
  const startedAt = turns.length > 1 ? (lost?.startedAt ?? at) : profile.launchedAt
  const result = { error: { type: 'crashed' }, attributes: { 'subagent_mcp.recovered': true } }
  const turn = lost && createTurnSpan(agent, lost.id, turns.length)
  return [
    begin(startedAt, createWorkSpan(agent)),
    ...(turn ? [begin(lost.startedAt, turn)] : []),
    ...(turn
      ? [{ change: 'end', at, key: turn.key, ...describeTurnResult(lost, capture), ...result } as const]
      : []),
    { change: 'end', at, key: 'work', ...result },
  ]
}
