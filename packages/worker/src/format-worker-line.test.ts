import { expect, test } from 'vitest'
import { formatWorkerLine } from './format-worker-line.js'
import type { WorkerLine } from './worker-line.js'

const at = Date.UTC(2026, 10, 22, 12)

test.each<[Line, string]>([
  [{ type: 'started', session: 'a1' }, 'started session=a1'],
  [
    {
      type: 'turn',
      ...{ outcome: 'ended', messages: ['m1', 'm2'], waitedMs: 3, ms: 1200.4, session: 'a1', fresh: true },
      model: 'codex/gpt',
      usage: { inputTokens: 10, outputTokens: 2, costUsd: 0.01 },
    },
    'turn ended ms=1200 waited=3 model=codex/gpt tokens=10/2 usd=0.0100 session=a1 (new) messages=m1,m2',
  ],
  [
    { type: 'turn', outcome: 'failed', messages: ['m'], waitedMs: 0, ms: 1, fresh: false, error: 'a\nb' },
    'turn failed ms=1 waited=0 messages=m error="a b"',
  ],
  [{ type: 'unreachable', problem: 'no daemon' }, 'unreachable error="no daemon"'],
  [{ type: 'resting', reason: 'spent', until: at }, 'resting until=2026-11-22T12:00:00.000Z reason="spent"'],
  [
    { type: 'blocked', reason: 'signed out', hint: 'sign in', until: at },
    'blocked until=2026-11-22T12:00:00.000Z reason="signed out" hint="sign in"',
  ],
])('%j as a line', (line, text) => {
  expect(formatWorkerLine({ at, ...line })).toBe(text)
})

type Line = WorkerLine extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never
