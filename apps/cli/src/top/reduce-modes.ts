import type { ScreenKey } from '../terminal/screen.js'
import { describeUnclearAnswer, parsePermissionAnswer } from '../terminal/questions/ask-person.js'
import { findFirstVisibleRow, wrapPageRows, countVisibleRows } from './page-rows.js'
import { topKeys } from './top-keys.js'
import type { TopMode, TopPage, TopQuestion, TopState, TopStep } from './top-state.js'

type ModeOf<Type extends TopMode['type']> = TopMode & { type: Type }

/** Handles a key while the person types the filter. Enter keeps it, Esc removes it. */
export function reduceFilterKey(state: TopState, mode: ModeOf<'filter'>, key: ScreenKey): TopStep {
  if (key.name === 'escape') return [{ ...atAgents(state), filter: '' }]
  if (isEnter(key)) return [{ ...atAgents(state), filter: mode.input.trim() }]
  return [{ ...state, mode: { ...mode, input: typeInto(mode.input, key) } }]
}

export function reduceMessageKey(state: TopState, mode: ModeOf<'send'>, key: ScreenKey): TopStep {
  if (key.name === 'escape') return [{ ...atAgents(state), notice: 'nothing was sent' }]
  if (!isEnter(key)) return [{ ...state, mode: { ...mode, input: typeInto(mode.input, key) } }]
  const { agentId, input: text } = mode
  if (text.trim() === '') return [{ ...atAgents(state), notice: 'nothing was sent' }]
  return [atAgents(state), { type: 'send', agentId, text }]
}

/** Handles the key that confirms that an agent is killed: only `y` does. */
export function reduceKillKey(state: TopState, { agentId }: ModeOf<'kill'>, { name }: ScreenKey): TopStep {
  if (name !== 'y') return [{ ...atAgents(state), notice: `${agentId} was not killed` }]
  return [atAgents(state), { type: 'kill', agentId }]
}

export function reducePageKey(state: TopState, mode: TopPage, key: ScreenKey): TopStep {
  if (['escape', 'q'].includes(key.name)) return [atAgents(state), { type: 'close-transcript' }]
  const from = scrolled(mode, key, state)
  return [from === undefined ? state : { ...state, mode: { ...mode, from } }]
}

/**
 * Handles a key while the person answers a permission request. Letters are typed into the answer; arrows and page keys scroll. The
 * call is allowed only after its end was on the screen.
 */
export function reduceQuestionKey(state: TopState, mode: TopQuestion, key: ScreenKey): TopStep {
  if (key.name === 'escape') return [{ ...atAgents(state), notice: 'left open' }]
  if (!isEnter(key)) {
    const from = key.text === '' ? scrolled(mode, key, state) : undefined
    if (typeof from === 'number') return [markQuestionRead({ ...state, mode: { ...mode, from } })]
    return [{ ...state, mode: { ...mode, input: typeInto(mode.input, key), problem: '' } }]
  }
  const { question, input, isRead } = mode
  const said = parsePermissionAnswer(input, question)
  const problem = (text: string): TopStep => [{ ...state, mode: { ...mode, input: '', problem: text } }]
  if (said === 'skip') return [{ ...atAgents(state), notice: 'left open' }]
  if (said === 'why') return problem('type r and the reason, as in: r use npm test')
  if (said === 'help') return problem(answersHelp)
  if (said === undefined) return problem(describeUnclearAnswer(input, question).trim())
  if (said.decision === 'allow' && !isRead) return problem('read it to its end first: PgDn')
  return [atAgents(state), { type: 'answer', question, answer: said }]
}

const answersHelp = 'y allows this call, n denies it, r <reason> denies it with a reason, s leaves it open'

/** Marks the question on the screen as read if its end is shown. */
export function markQuestionRead(state: TopState): TopState {
  const { mode, size } = state
  if (mode.type !== 'question' || mode.isRead) return state
  const count = wrapPageRows(mode.lines, size).length
  const isRead = findFirstVisibleRow(mode, count, size) + countVisibleRows(mode, size) >= count
  return { ...state, mode: { ...mode, isRead } }
}

function atAgents(state: TopState): TopState {
  return { ...state, mode: { type: 'agents' }, notice: '' }
}

/** Returns the first row after a key that scrolls; `undefined` for other keys. A page that reaches its end follows it. */
function scrolled(
  mode: TopPage | TopQuestion,
  { name }: ScreenKey,
  { size }: TopState,
): TopPage['from'] | undefined {
  const action = topKeys.find(({ names }) => names.includes(name))?.action
  const count = wrapPageRows(mode.lines, size).length
  const [shown, from] = [countVisibleRows(mode, size), findFirstVisibleRow(mode, count, size)]
  const last = Math.max(0, count - shown)
  const page = Math.max(1, shown - 1)
  const next = new Map<string | undefined, number>([
    ['up', from - 1],
    ['down', from + 1],
    ['page-up', from - page],
    ['page-down', from + page],
    ['first', 0],
    ['last', last],
  ]).get(action)
  if (next === undefined) return undefined
  return mode.type === 'page' && next >= last ? 'end' : Math.min(last, Math.max(0, next))
}

function isEnter({ name }: ScreenKey): boolean {
  return name === 'return' || name === 'enter'
}

/** Returns a typed text after a key: more text, or with its last character, word or all of it erased. */
function typeInto(input: string, { name, text, ctrl }: ScreenKey): string {
  if (name === 'backspace') return input.replace(/[^]$/u, '')
  if (ctrl && name === 'w') return input.replace(/\S*\s*$/, '')
  if (ctrl && name === 'u') return ''
  return input + text
}
