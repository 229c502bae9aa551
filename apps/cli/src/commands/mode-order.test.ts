import { expect, test } from 'vitest'
import { readModeOrder } from './mode-order.js'

test.each([
  [[], { word: 'status', all: false, json: false }],
  [['status', '--all', '--json'], { word: 'status', all: true, json: true }],
  [['--all'], { word: 'status', all: true, json: false }],
  [['on'], { word: 'on', json: false }],
  [['on', '--expire', '90m'], { word: 'on', expire: 5400, json: false }],
  [['--expire=7d', 'on', '--project', '/p'], { word: 'on', expire: 604_800, project: '/p', json: false }],
  [['off', '--json'], { word: 'off', json: true }],
])('%j', (words, order) => {
  expect(readModeOrder(words)).toEqual(order)
})

test.each([
  [['maybe'], "the mode is on or off, not 'maybe'"],
  [['on', 'off'], "'off' too many"],
  [['on', '--expire', 'soon'], "not 'soon'"],
  [['on', '--expire', '0'], 'up to 365d'],
  [['on', '--expire', '366d'], 'up to 365d'],
  [['--expire', '1h'], '--expire goes with on'],
  [['off', '--expire', '1h'], '--expire goes with on'],
  [['on', '--all'], '--all goes with status'],
  [['--all', '--project', '/p'], 'exclude each other'],
  [['--project', ''], '--project names no folder'],
  [['--every'], '--every'],
])('%j is refused', (words, says) => {
  expect(() => readModeOrder(words)).toThrow(expect.objectContaining({ code: 'unknown-parameter' }))
  expect(() => readModeOrder(words)).toThrow(says)
})
