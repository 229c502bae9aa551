import {
  findUsageLimitEnding,
  willAgentSessionReopen,
  type Agent,
  type PendingApproval,
} from '@subagent-mcp/core'
import { formatCandidate } from '@subagent-mcp/routing'
import type { OpenSpan, SpanAttributes } from './span.js'

/** Returns the spans that are open in a state of an agent, without those of its tool calls; the outer ones first. */
export function listOpenSpans(agent: Agent): readonly OpenSpan[] {
  return isAtWork(agent) ? [createWorkSpan(agent), ...phaseSpans(agent)] : []
}

/** Whether an agent works on a launch or message, or will go on by itself. */
function isAtWork(agent: Agent): boolean {
  const { status } = agent.phase
  if (status === 'closing' || status === 'ended')
    return findUsageLimitEnding(agent) !== undefined || willAgentSessionReopen(agent)
  return status !== 'idle'
}

/** The span of all work on a launch, or on messages to an agent that was idle or had ended. */
export function createWorkSpan(agent: Agent): OpenSpan {
  const { profile } = agent
  const name = profile.definition ?? profile.name
  return {
    type: 'work',
    key: 'work',
    name: name === undefined ? 'invoke_agent' : `invoke_agent ${name}`,
    kind: 'internal',
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      ...createModelSpanAttributes(agent),
      'gen_ai.agent.id': profile.id,
      'gen_ai.agent.name': name,
      'gen_ai.output.type': profile.outputSchema && 'json',
      'subagent_mcp.category': profile.category,
      'subagent_mcp.project': profile.project,
      'subagent_mcp.depth': profile.depth,
    },
  }
}

/** The span of a turn: a prompt to the CLI, and all model requests and tool calls until its answer. */
export function createTurnSpan(agent: Agent, id: string, number: number): OpenSpan {
  const { model } = agent.route.current
  return {
    type: 'turn',
    key: `turn ${id}`,
    parent: 'work',
    name: model === undefined ? 'chat' : `chat ${model}`,
    kind: 'client',
    attributes: {
      'gen_ai.operation.name': 'chat',
      ...createModelSpanAttributes(agent),
      'gen_ai.agent.id': agent.profile.id,
      'gen_ai.output.type': agent.profile.outputSchema && 'json',
      'subagent_mcp.turn.number': number,
    },
  }
}

function phaseSpans(agent: Agent): readonly OpenSpan[] {
  const { phase, turns } = agent
  switch (phase.status) {
    case 'queued':
    case 'ready':
      return [innerSpan('queue', 'queue')]
    case 'opening':
      return [...failoverSpans(agent), openingSpan(agent)]
    case 'switching':
      return failoverSpans(agent)
    case 'working':
    case 'waiting-permission': {
      const span = createTurnSpan(agent, phase.turn.id, turns.length + 1)
      const requests = phase.status === 'waiting-permission' ? phase.requests : []
      return [span, ...requests.map((request) => permissionSpan(request, span.key))]
    }
    case 'checking':
      return [{ ...innerSpan('check', 'check'), key: `check ${phase.turn.id}` }]
    case 'idle':
      return []
    case 'closing':
    case 'ended':
      return restSpans(agent)
  }
}

function innerSpan(type: OpenSpan['type'], name: string, attributes: SpanAttributes = {}): OpenSpan {
  return { type, key: type, parent: 'work', name, kind: 'internal', attributes }
}

/** The change of a launch to its next candidate, which lasts until that candidate's session is open. */
function failoverSpans({ route, turns }: Agent): readonly OpenSpan[] {
  const last = route.attempts.findLast(({ tried }) => tried)
  // Later sessions keep the attempts of the launch.
  if (!last || turns.length > 0) return []
  const attributes = {
    'subagent_mcp.failover.from': formatCandidate(last.candidate),
    'subagent_mcp.failover.to': formatCandidate(route.current),
    'subagent_mcp.failover.reason': last.failure.reason,
  }
  return [{ ...innerSpan('failover', 'failover', attributes), key: `failover ${route.attempts.length}` }]
}

function openingSpan(agent: Agent): OpenSpan {
  const { route, session } = agent
  const [failover] = failoverSpans(agent)
  return {
    ...innerSpan('open', `open ${route.current.provider}`, {
      ...createModelSpanAttributes(agent),
      'subagent_mcp.session.resumed': session.id !== undefined,
    }),
    key: `open ${route.attempts.length}`,
    parent: failover?.key ?? 'work',
    kind: 'client',
  }
}

function permissionSpan({ requestId, tool, by }: PendingApproval, parent: string): OpenSpan {
  const attributes = { 'gen_ai.tool.name': tool, 'subagent_mcp.permission.asked_by': by }
  return { ...innerSpan('permission', 'permission', attributes), key: `permission ${requestId}`, parent }
}

/** The pause of an agent until a limit has passed, or until its next candidate takes over. */
function restSpans(agent: Agent): readonly OpenSpan[] {
  const rest = findUsageLimitEnding(agent)
  if (!rest) return []
  const attributes = {
    'subagent_mcp.rest.reason': rest.failure.reason,
    'subagent_mcp.failover.to': rest.route && formatCandidate(rest.route.current),
  }
  return [{ ...innerSpan('rest', 'rest', attributes), key: `rest ${rest.turnId}` }]
}

/** The provider and model that an agent runs on, and its session there. */
export function createModelSpanAttributes({ route: { current }, session }: Agent): SpanAttributes {
  return {
    'gen_ai.provider.name': providerNames[current.provider] ?? current.provider,
    'gen_ai.request.model': current.model,
    'gen_ai.conversation.id': session.id,
    'subagent_mcp.provider': current.provider,
  }
}

/** The names that OpenTelemetry has for the vendors of providers. Other providers keep their own name. */
const providerNames: Readonly<Record<string, string>> = {
  claude: 'anthropic',
  codex: 'openai',
  gemini: 'gcp.gemini',
}
