import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { getFactAgentId, type Agent, type Fact } from '@subagent-mcp/core'
import type { Runtime } from '../create-runtime.js'
import { computeSpanChanges } from './span-changes.js'
import { maskTextForSpan } from './span-results.js'
import type { SpanChange } from './span.js'

/** Options of the traces of a runtime's agents. */
export type TraceOptions = {
  /** The provider of the tracer. Default: the global one of `@opentelemetry/api`, which may be set later. */
  provider?: TracerProvider
  /**
   * Whether spans get prompts, answers, and the arguments and results of tool calls, with secrets masked. Default: as
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` of this process says, otherwise not.
   */
  captureContent?: boolean
  /** Called with the error of a tracer that throws. Agents are not affected. Default: the error is dropped. */
  onProblem?: (error: unknown) => void
}

/**
 * Gives a runtime's agents traces, until the returned function is called, which also ends the open spans. Each launch, and each
 * message to an agent at rest, is one span with the parts of the work in it. A launch inside an active span belongs to that span.
 */
export function traceAgents(
  { supervisor }: { supervisor: Pick<Runtime['supervisor'], 'state' | 'subscribe' | 'clock'> },
  options: TraceOptions = {},
): () => void {
  const { provider = trace.getTracerProvider(), onProblem = () => undefined } = options
  const { captureContent = isMessageCaptureRequested(process.env) } = options
  const capture = captureContent ? maskTextForSpan : undefined
  const tracer = provider.getTracer('@subagent-mcp/runtime')
  const traced = new Map<string, TracedAgent>()
  const note = (fact: Fact): void => {
    const id = getFactAgentId(fact)
    const after = id === undefined ? undefined : supervisor.state().agents.get(id)
    if (id === undefined || !after) return
    const known = traced.get(id)
    const one = { agent: after, spans: known?.spans ?? new Map<string, TracedSpan>() }
    const around = (): Context => contextAround(fact, after, traced)
    for (const change of computeSpanChanges(
      { ...omitUndefined({ before: known?.agent }), after, fact },
      capture,
    ))
      if (change.change === 'begin') beginSpan(tracer, one, change, around)
      else endSpan(one, change)
    if (one.spans.size > 0) traced.set(id, one)
    else traced.delete(id)
  }
  const guarded = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      // A tracer of another program must not stop agents.
      onProblem(error)
    }
  }
  const unsubscribe = supervisor.subscribe((fact) => {
    if (!isStreamed(fact)) guarded(() => note(fact))
  })
  return () => {
    unsubscribe()
    const at = supervisor.clock.now()
    for (const one of traced.values()) guarded(() => endSpan(one, { at, key: 'work' }))
    traced.clear()
  }
}

/** Whether the convention's own variable asks for prompts and answers in spans. */
export function isMessageCaptureRequested(environment: NodeJS.ProcessEnv): boolean {
  const value = environment['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']?.trim().toLowerCase()
  return value === 'true' || value === 'span_only' || value === 'span_and_event'
}

type TracedSpan = { span: Span; parent?: string }

/** An agent with open spans, as it was after its last fact, and the spans by their keys. */
type TracedAgent = { agent: Agent; spans: Map<string, TracedSpan> }

const spanKinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const

/** Begins a span inside its parent, or an outermost one in the context `around`. */
function beginSpan(
  tracer: Tracer,
  { spans }: TracedAgent,
  { key, parent, name, kind, at, attributes }: SpanChange & { change: 'begin' },
  around: () => Context,
): void {
  const outer = parent === undefined ? undefined : spans.get(parent)?.span
  const options = {
    kind: spanKinds[kind],
    startTime: new Date(at),
    attributes: omitUndefined(attributes),
  }
  const span = tracer.startSpan(name, options, outer ? trace.setSpan(ROOT_CONTEXT, outer) : around())
  spans.set(key, { span, ...omitUndefined({ parent }) })
}

/** Ends a span, and before it those inside it that are open. A span that is not open, such as one of a tracer that threw, is ignored. */
function endSpan(
  one: TracedAgent,
  { key, at, attributes, error }: Omit<SpanChange & { change: 'end' }, 'change'>,
): void {
  const ended = one.spans.get(key)
  if (!ended) return
  for (const [inner, { parent }] of one.spans) if (parent === key) endSpan(one, { key: inner, at })
  one.spans.delete(key)
  const { span } = ended
  span.setAttributes(omitUndefined({ ...attributes, 'error.type': error?.type }))
  if (error) span.setStatus({ code: SpanStatusCode.ERROR, ...omitUndefined({ message: error.message }) })
  span.end(new Date(at))
}

/** Facts that come many times a second, and begin or end no span. */
function isStreamed(fact: Fact): boolean {
  if (fact.type !== 'session-event-received') return false
  const { type } = fact.event
  return type === 'text-delta' || type === 'thinking-advanced'
}

/**
 * The context of an agent's outermost span: for a launch the span that its request named, or the agent that launched it or has its
 * work reviewed by it; otherwise the span in which the embedding program made the call.
 */
function contextAround(
  { type }: Fact,
  { profile, turns }: Agent,
  traced: ReadonlyMap<string, TracedAgent>,
): Context {
  const isLaunch = type === 'launch-requested' || (type === 'recovered' && turns.length < 2)
  if (!isLaunch) return context.active()
  const { traceparent, origin = [], reviewOf } = profile
  const remote = traceparent === undefined ? undefined : remoteSpan(traceparent)
  if (remote) return trace.setSpanContext(ROOT_CONTEXT, remote)
  const names = reviewOf === undefined ? origin : [reviewOf]
  const [launcher, ...others] = names.flatMap((name) => traced.get(name) ?? [])
  // A process that several agents share does not tell which of them made the call.
  const span = launcher && others.length === 0 ? innermostSpan(launcher) : undefined
  return span ? trace.setSpan(ROOT_CONTEXT, span) : context.active()
}

/** The span of the only running tool call of an agent, otherwise of its check or turn. */
function innermostSpan({ spans }: TracedAgent): Span | undefined {
  const open = [...spans].reverse()
  const [call, ...calls] = open.filter(([key]) => key.startsWith('tool '))
  if (call && calls.length === 0) return call[1].span
  return open.find(([key]) => /^(?:check|turn|work)\b/.test(key))?.[1].span
}

/** Reads the span that a `traceparent` of W3C Trace Context names; `undefined` if it is not valid. */
function remoteSpan(traceparent: string): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = ''] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(traceparent.trim()) ?? []
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId))
    return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}
