import { exitCode } from '../exit.js'
import type { ScreenKey } from '../terminal/screen.js'
import {
  reduceFilterKey,
  reduceKillKey,
  reducePageKey,
  reduceQuestionKey,
  reduceMessageKey,
  markQuestionRead,
} from './reduce-modes.js'
import { topHelpPage, topKeys, type TopAction } from './top-keys.js'
import {
  groupAgents,
  asksPermission,
  getTopPageKey,
  findSelectedAgent,
  type TopEvent,
  type TopState,
  type TopStep,
} from './top-state.js'

/** Returns the state of `top` after an event, and what is to be done. */
export function reduceTopState(state: TopState, event: TopEvent): TopStep {
  switch (event.type) {
    case 'key':
      return reduceKey(state, event.key)
    case 'resized':
      return [markQuestionRead({ ...state, size: event.size })]
    case 'agents-listed':
      return reduceList(state, event)
    case 'page-opened':
      return isOnPage(state, event.page.key) ? [{ ...state, mode: event.page, notice: '' }] : [state]
    case 'page-grown':
      return [growPage(state, event)]
    case 'question-read':
      return [openQuestion(state, event)]
    case 'noted':
      return [{ ...state, notice: event.text }]
  }
}

/** Whether the person still waits for a text. An answer that comes after they left its page is dropped. */
function isOnPage({ mode }: TopState, key: string): boolean {
  return mode.type === 'page' && mode.key === key
}

function growPage(state: TopState, { key, lines }: TopEvent & { type: 'page-grown' }): TopState {
  return state.mode.type === 'page' && state.mode.key === key
    ? { ...state, mode: { ...state.mode, lines } }
    : state
}

function openQuestion(state: TopState, { question, lines }: TopEvent & { type: 'question-read' }): TopState {
  if (!isOnPage(state, getTopPageKey('read-question', question.agentId))) return state
  const mode = { type: 'question', question, lines, from: 0, isRead: false, input: '', problem: '' } as const
  return markQuestionRead({ ...state, mode, notice: '' })
}

/** Opens an empty page immediately, because the next keys are meant for it, and requests its text. */
function openPage(state: TopState, type: PageEffect, agentId: string): TopStep {
  const from = type === 'open-transcript' ? ('end' as const) : 0
  const page = {
    type: 'page',
    key: getTopPageKey(type, agentId),
    title: `${agentId}: ${titles[type]}`,
    lines: [],
    from,
  } as const
  return [
    { ...state, selected: agentId, mode: page },
    { type, agentId },
  ]
}

type PageEffect = 'open-transcript' | 'read-changes' | 'read-question'

const titles: Readonly<Record<PageEffect, string>> = {
  'open-transcript': 'transcript',
  'read-changes': 'reading what it changed',
  'read-question': 'reading what it asks',
}

function reduceKey(state: TopState, key: ScreenKey): TopStep {
  if (key.ctrl && key.name === 'c') return [state, { type: 'quit', code: exitCode.interrupted }]
  if (key.ctrl && key.name === 'z') return [state, { type: 'suspend' }]
  if (key.ctrl && key.name === 'l') return [state, { type: 'redraw' }]
  const { mode } = state
  switch (mode.type) {
    case 'agents':
      return key.ctrl ? [state] : reduceAgents({ ...state, notice: '' }, key)
    case 'filter':
      return reduceFilterKey(state, mode, key)
    case 'send':
      return reduceMessageKey(state, mode, key)
    case 'kill':
      return reduceKillKey(state, mode, key)
    case 'page':
      return reducePageKey(state, mode, key)
    case 'question':
      return reduceQuestionKey(state, mode, key)
  }
}

function reduceAgents(state: TopState, { name }: ScreenKey): TopStep {
  if (name === 'escape') return [{ ...state, filter: '' }]
  const action = topKeys.find(({ names }) => names.includes(name))?.action
  if (action === undefined) return [state]
  if (action === 'quit') return [state, { type: 'quit', code: exitCode.done }]
  if (action === 'help') return [{ ...state, mode: topHelpPage }]
  if (action === 'filter') return [{ ...state, mode: { type: 'filter', input: state.filter } }]
  const groups = groupAgents(state)
  const agent = findSelectedAgent(groups, state.selected)
  if (!agent) return [{ ...state, notice: 'no agent is selected' }]
  const agentId = agent.id
  const chosen = { ...state, selected: agentId }
  switch (action) {
    case 'transcript':
      return openPage(state, 'open-transcript', agentId)
    case 'changes':
      return openPage(state, 'read-changes', agentId)
    case 'send':
      return [{ ...chosen, mode: { type: 'send', agentId, input: '' } }]
    case 'kill':
      return [{ ...chosen, mode: { type: 'kill', agentId } }]
    case 'answer': {
      const asking = asksPermission(agent)
        ? agent
        : groups.flatMap(({ agents }) => agents).find(asksPermission)
      return asking
        ? openPage(state, 'read-question', asking.id)
        : [{ ...chosen, notice: 'no agent asks for permission' }]
    }
    default:
      return [moveSelection(chosen, action)]
  }
}

function moveSelection(state: TopState, action: TopAction): TopState {
  const ids = groupAgents(state).flatMap(({ agents }) => agents.map(({ id }) => id))
  const page = Math.max(1, Math.floor(state.size.rows / 2))
  const steps: Partial<Record<TopAction, number>> = {
    up: -1,
    down: 1,
    'page-up': -page,
    'page-down': page,
    first: -Infinity,
    last: Infinity,
  }
  const next = ids.indexOf(state.selected ?? '') + (steps[action] ?? 0)
  const selected = ids[Math.min(ids.length - 1, Math.max(0, next))]
  return selected === undefined ? state : { ...state, selected }
}

/** Takes the agents that the daemon reported. A question that is no longer open cannot be answered: it is closed. */
function reduceList(state: TopState, { list, asOf }: TopEvent & { type: 'agents-listed' }): TopStep {
  const next = { ...state, list, asOf }
  const { mode } = state
  if (mode.type !== 'question') return [next]
  const { agentId, requestId } = mode.question
  const isOpen = list.shown.some(
    ({ id, permissions }) => id === agentId && permissions.some((request) => request.requestId === requestId),
  )
  if (isOpen) return [next]
  return [
    { ...next, mode: { type: 'agents' }, notice: `${agentId} no longer asks: it was answered or has ended` },
  ]
}
