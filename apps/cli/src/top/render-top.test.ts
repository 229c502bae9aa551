import type { AgentSummary } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { agentOf, now, questionOf, turnOf } from '../terminal/agents.test.support.js'
import type { ScreenLine } from '../terminal/screen.js'
import { measureTextWidth } from '../terminal/table.js'
import { renderTop } from './render-top.js'
import { createInitialTopState, type TopMode, type TopState } from './top-state.js'

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 20 },
  { columns: 200, rows: 60 },
  { columns: 12, rows: 3 },
] as const

function stateOf(shown: readonly AgentSummary[], parts: Partial<TopState> = {}): TopState {
  return { ...createInitialTopState(sizes[0]), list: { shown: [...shown], hidden: 0 }, ...parts }
}

function textOf(line: ScreenLine): string {
  return line.reduce((text, cell) => text.padEnd(cell.column) + cell.text, '').trimEnd()
}

function screenOf(state: TopState): string[] {
  return renderTop(state, { now, home: '/home/me' }).lines.map(textOf)
}

test('a row is name, model, time, calls, tokens, cost and activity, under its group', () => {
  const usage = { inputTokens: 12_000, outputTokens: 800, costUsd: 0.25 }
  const shown = [
    agentOf({
      id: 'w1',
      name: 'review',
      runningTurn: { startedAt: now - 34_000, tools: 5 },
      turns: [turnOf({ usage })],
      turnCount: 1,
    }),
    agentOf({
      id: 'p1',
      status: 'permission_requested',
      permissions: [questionOf({ call: 'Bash rm -rf build' })],
    }),
    agentOf({
      id: 'd1',
      status: 'errored',
      failure: { reason: 'not-signed-in', message: 'not signed in' },
      turns: [turnOf()],
      turnCount: 1,
    }),
  ]
  expect(screenOf(stateOf(shown, { selected: 'w1' })).slice(0, 8)).toEqual([
    'subagent-mcp top  1 needs you, 1 working, 1 done',
    '  NAME           MODEL           TIME CALLS TOKENS COST   NOW',
    'Needs you (1)',
    '  p1             claude/opus     3m                       Bash rm -rf build',
    'Working (1)',
    '> review         claude/opus     34s  5     13k    $0.25  Bash {"command":"npm…',
    'Done (1)',
    '  d1             claude/opus     20s        13k           errored: not-signed-…',
  ])
})

test('on 40 columns the name, the time and the activity are left', () => {
  const { size } = { size: sizes[1] }
  const screen = screenOf(stateOf([agentOf({ name: 'auth-review-of-all' })], { size }))
  expect(screen.slice(1, 4)).toEqual([
    '  NAME           TIME NOW',
    'Working (1)',
    '> auth-review-o… 3m   Bash {"command":…',
  ])
  expect(screen.at(-1)).toBe('q quit  ? help  Enter transcript')
})

test('the selected agent shows its place and its last lines', () => {
  const recent = [
    { at: now - 2_000, kind: 'tool' as const, text: 'Bash {"command":"npm test"}' },
    { at: now - 1_000, kind: 'text' as const, text: 'The tests pass.' },
  ]
  const screen = screenOf(stateOf([agentOf({ name: 'tests', recent })]))
  expect(screen.find((line) => line.startsWith('--'))).toMatch(
    /^-- k3f9 "tests" {2}claude\/opus {2}processing {2}~\/app -+$/,
  )
  expect(screen.join('\n')).toMatch(/tool Bash \{"command":"npm test"\}\n\S+ {2}The tests pass\./)
})

test('without agents it says how to launch one, and lost facts come first', () => {
  expect(screenOf(stateOf([])).join('\n')).toContain('no agents; launch one: subagent-mcp run "<prompt>"')
  const list = { shown: [agentOf()], hidden: 0, losses: ['3 facts of today'] }
  expect(screenOf(stateOf([], { list }))[2]).toBe('lost: 3 facts of today')
})

const texts = [
  '\u001b[31mred\u001b[2J\u001b[H\u001b]0;owned\u0007',
  '\u202eevil\u2069\u200f',
  '漢字'.repeat(40),
  '👨‍👩‍👧‍👦'.repeat(20),
  'Z͑ͫ̓ͪ̂ͫ̽'.repeat(20),
  'a\r\nb\u0000\u0008\u009b31m',
]
const hostile = texts.map((text, index) =>
  agentOf({
    id: `h${index}`,
    name: text,
    model: text,
    cwd: text,
    permissions: index % 2 ? [questionOf({ call: text })] : [],
    recent: [{ at: now, kind: 'text', text }],
  }),
)
const many = [...hostile, ...Array.from({ length: 500 }, (_, index) => agentOf({ id: `a${index}` }))]
const page: TopMode = {
  type: 'page',
  key: 'k',
  title: 'x',
  lines: texts.map((text) => ({ text, tone: 'plain' })),
  from: 'end',
}
const modes: readonly TopMode[] = [
  { type: 'agents' },
  { type: 'filter', input: '漢' },
  { type: 'send', agentId: 'h1', input: texts.join('') },
  { type: 'kill', agentId: 'h1' },
  page,
]
test.each(sizes)(
  'at $columns×$rows every cell keeps to its columns, whatever agents are called or say',
  (size) => {
    for (const mode of modes)
      for (const { id } of mode.type === 'agents' ? hostile : hostile.slice(0, 1)) {
        const { lines } = renderTop(stateOf(many, { size, mode, selected: id }), { now, home: '/home/me' })
        expect(lines).toHaveLength(size.rows)
        for (const line of lines)
          for (const [index, { column, text }] of line.entries()) {
            expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
            const end = line[index + 1]?.column ?? size.columns
            expect(column + measureTextWidth(text)).toBeLessThanOrEqual(end)
          }
      }
  },
)

test('of 500 agents the selected one is always on the screen', () => {
  for (const selected of ['a0', 'a250', 'a499'])
    expect(screenOf(stateOf(many, { selected })).filter((line) => line.startsWith('> '))).toEqual([
      expect.stringMatching(new RegExp(`^> ${selected} `)),
    ])
})
