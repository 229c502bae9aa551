import type { AgentSummary, PendingPermissionRequest } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { agentOf, questionOf } from '../terminal/agents.test.support.js'
import { reduceTopState } from './reduce-top.js'
import { renderTop } from './render-top.js'
import { topKeys, type TopAction } from './top-keys.js'
import { createInitialTopState, type TopEffect, type TopEvent, type TopState } from './top-state.js'

const size = { columns: 80, rows: 24 }
const asker = agentOf({ id: 'ask1', status: 'permission_requested', permissions: [questionOf()] })
const agents = [
  agentOf({ id: 'w1' }),
  agentOf({ id: 'w2', name: 'tests' }),
  asker,
  agentOf({ id: 'd1', status: 'finished' }),
]

/** Applies events to a state in which agents are listed; returns the last state and all effects. */
function after(events: readonly (TopEvent | string)[], shown: readonly AgentSummary[] = agents) {
  let state: TopState = createInitialTopState(size)
  const effects: TopEffect[] = []
  const listed: TopEvent = { type: 'agents-listed', list: { shown: [...shown], hidden: 0 }, asOf: 0 }
  for (const event of [listed, ...events]) {
    const [next, ...more] = reduceTopState(state, typeof event === 'string' ? press(event) : event)
    state = next
    effects.push(...more)
  }
  return { state, effects, mode: state.mode.type }
}

/** The event of a key: a character, or the name of a key such as `return`; `^c` is Ctrl-C. */
function press(key: string): TopEvent {
  if (/^\^./.test(key)) return { type: 'key', key: { name: key.slice(1), text: '', ctrl: true } }
  return { type: 'key', key: { name: key, text: /^[^]$/u.test(key) ? key : '', ctrl: false } }
}

function selectedAfter(...keys: string[]): string | undefined {
  return after(keys).state.selected
}

const outcomes: Readonly<Record<TopAction, object>> = {
  quit: { effects: [{ type: 'quit', code: 0 }] },
  help: { mode: 'page' },
  transcript: { effects: [{ type: 'open-transcript', agentId: 'w1' }] },
  answer: { effects: [{ type: 'read-question', agentId: 'ask1' }] },
  send: { mode: 'send' },
  kill: { mode: 'kill', effects: [] },
  changes: { effects: [{ type: 'read-changes', agentId: 'w1' }] },
  filter: { mode: 'filter' },
  up: { state: { selected: 'ask1' } },
  down: { state: { selected: 'w2' } },
  'page-up': { state: { selected: 'ask1' } },
  'page-down': { state: { selected: 'd1' } },
  first: { state: { selected: 'ask1' } },
  last: { state: { selected: 'd1' } },
}
test.each(topKeys.flatMap(({ names, does, action }) => names.map((name) => [name, does, action] as const)))(
  'key %s: %s',
  (name, _does, action) => {
    expect(after(['down', name])).toMatchObject(outcomes[action])
  },
)

test('the help lists every key', () => {
  const { state } = after(['?'])
  const text = JSON.stringify(
    renderTop({ ...state, size: { columns: 100, rows: 40 } }, { now: 0, home: '/home/me' }),
  )
  for (const { typed, does } of topKeys) expect(text).toContain(`${typed.padEnd(13)}${does}`)
  expect(after(['?', 'q']).mode).toBe('agents')
})

test('the agent that asks comes first, then those that work, then those that are done', () => {
  expect(selectedAfter('g')).toBe('ask1')
  expect(['g', 'j', 'j', 'j'].map((_, index, keys) => selectedAfter(...keys.slice(0, index + 1)))).toEqual([
    'ask1',
    'w1',
    'w2',
    'd1',
  ])
})

test('the newest need is first, and agents that wait to start come after those that run', () => {
  const older = agentOf({ id: 'old', permissions: [questionOf({ askedAt: 1 })] })
  const newer = agentOf({ id: 'new', permissions: [questionOf({ askedAt: 2 })] })
  const queued = agentOf({ id: 'q', status: 'queued' })
  const shown = [queued, agentOf({ id: 'w' }), older, newer]
  const order = ['g', 'j', 'j', 'j'].map(
    (_, index, keys) => after(keys.slice(0, index + 1), shown).state.selected,
  )
  expect(order).toEqual(['new', 'old', 'w', 'q'])
})

test('the selection stays on its agent when others come and go', () => {
  const list = { shown: [agentOf({ id: 'n' }), ...agents], hidden: 0 }
  expect(after(['j', { type: 'agents-listed', list, asOf: 1 }, 'x', 'y']).effects).toEqual([
    { type: 'kill', agentId: 'w1' },
  ])
})

test('kill needs a y', () => {
  expect(after(['j', 'x', 'y']).effects).toEqual([{ type: 'kill', agentId: 'w1' }])
  for (const key of ['n', 'return', 'escape', 'x'])
    expect(after(['j', 'x', key])).toMatchObject({ effects: [], mode: 'agents' })
})

test('send takes typed and pasted text, which counts as no command', () => {
  const paste: TopEvent = { type: 'key', key: { name: 'paste', text: 'xyq\nx', ctrl: false } }
  expect(after(['j', 's', 'h', 'i', 'backspace', paste, 'return']).effects).toEqual([
    { type: 'send', agentId: 'w1', text: 'hxyq\nx' },
  ])
  expect(after([paste])).toMatchObject({ effects: [], mode: 'agents' })
  expect(after(['j', 's', 'h', 'escape'])).toMatchObject({
    effects: [],
    state: { notice: 'nothing was sent' },
  })
  expect(after(['j', 's', 'a', 'space', '^u', 'return'])).toMatchObject({ effects: [], mode: 'agents' })
})

test('the filter shows only agents that contain its text, while it is typed too', () => {
  expect(after(['/', 't', 'e', 's', 't', 's', 'return', 'x', 'y']).effects).toEqual([
    { type: 'kill', agentId: 'w2' },
  ])
  expect(after(['/', 'T', 'E', 'S', 'return']).state).toMatchObject({
    filter: 'TES',
    mode: { type: 'agents' },
  })
  expect(after(['/', 'z', 'z', 'return', 'x'])).toMatchObject({
    mode: 'agents',
    state: { notice: 'no agent is selected' },
  })
  expect(after(['/', 'z', 'return', 'escape']).state.filter).toBe('')
})

test('Ctrl-C quits from everywhere, Ctrl-Z stops, Ctrl-L draws again', () => {
  for (const key of ['?', '/', 's', 'x', 'j']) {
    expect(after([key, '^c']).effects.at(-1)).toEqual({ type: 'quit', code: 130 })
    expect(after([key, '^z']).effects.at(-1)).toEqual({ type: 'suspend' })
    expect(after([key, '^l']).effects.at(-1)).toEqual({ type: 'redraw' })
  }
})

test('a transcript follows its end until the person scrolls up, and again at its end', () => {
  const lines = Array.from({ length: 100 }, (_, index) => ({ text: `line ${index}`, tone: 'plain' as const }))
  const page = { type: 'page-grown', key: 'open-transcript w1', lines } as const
  const from = (...keys: string[]): unknown => {
    const { mode } = after(['j', 'return', page, ...keys]).state
    return mode.type === 'page' ? mode.from : undefined
  }
  expect([from(), from('up'), from('up', 'down'), from('g'), from('g', 'pagedown'), from('g', 'G')]).toEqual([
    'end',
    77,
    'end',
    0,
    21,
    'end',
  ])
  expect(after(['j', 'return', page, 'q']).effects.slice(1)).toEqual([{ type: 'close-transcript' }])
})

const question: PendingPermissionRequest = {
  agentId: 'ask1',
  provider: 'claude',
  cwd: '/p',
  project: '/p',
  requestId: 'r',
  tool: 'Bash',
  askedAt: 0,
}
function asked(lines: number, parts: Partial<PendingPermissionRequest> = {}): TopEvent {
  const all = Array.from({ length: lines }, (_, index) => ({ text: `line ${index}`, tone: 'plain' as const }))
  return { type: 'question-read', question: { ...question, ...parts }, lines: all }
}

/** Opens a question as a person does, and applies events; returns the state and the effects after the question. */
function asking([question, ...events]: readonly (TopEvent | string)[]) {
  const { effects, ...rest } = after(['a', question ?? '', ...events])
  return { ...rest, effects: effects.slice(1) }
}

test.each([
  [['y', 'return'], { decision: 'allow' }],
  [['n', 'return'], { decision: 'deny', reason: 'the user said no' }],
  [['r', ' ', 'n', 'o', 'return'], { decision: 'deny', reason: 'no' }],
])('a question is answered by %j', (keys, answer) => {
  const { effects } = asking([asked(3), ...keys])
  expect(effects).toEqual([{ type: 'answer', question, answer }])
})

test.each([
  ['nothing', ['return'], 'nothing was answered'],
  ['a word that is no answer', ['o', 'k', 'return'], "'ok' is not understood"],
  ['r without a reason', ['r', 'return'], 'type r and the reason'],
  ['?', ['?', 'return'], 'y allows this call'],
])('%s answers no question', (_, keys, problem) => {
  const { effects, state } = asking([asked(3), ...keys])
  expect(effects).toEqual([])
  expect(state.mode.type === 'question' && state.mode.problem).toContain(problem)
})

test('what only a person may allow needs yes in full', () => {
  expect(asking([asked(3, { humanOnly: true }), 'y', 'return']).effects).toEqual([])
  expect(asking([asked(3, { humanOnly: true }), 'y', 'e', 's', 'return']).effects).toMatchObject([
    { answer: { decision: 'allow' } },
  ])
})

test('a call is allowed only after its end was on the screen; it may be denied before', () => {
  expect(asking([asked(60), 'y', 'return'])).toMatchObject({
    effects: [],
    state: { mode: { problem: 'read it to its end first: PgDn' } },
  })
  expect(asking([asked(60), 'pagedown', 'pagedown', 'pagedown', 'y', 'return']).effects).toMatchObject([
    { answer: { decision: 'allow' } },
  ])
  expect(
    asking([asked(60), { type: 'resized', size: { columns: 80, rows: 100 } }, 'y', 'return']).effects,
  ).toHaveLength(1)
  expect(asking([asked(60), 'n', 'return']).effects).toMatchObject([{ answer: { decision: 'deny' } }])
})

test('a question that was answered elsewhere is closed', () => {
  const list = { shown: [agentOf({ id: 'ask1' })], hidden: 0 }
  const { state, mode } = asking([asked(3), { type: 'agents-listed', list, asOf: 1 }])
  expect([mode, state.notice]).toEqual(['agents', expect.stringContaining('no longer asks')])
})
