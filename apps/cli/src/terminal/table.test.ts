import { expect, test } from 'vitest'
import { paintForStream, paintNothing } from './paint.js'
import { dropColumns, renderTable, type TableCell } from './table.js'

const row = (...texts: string[]): TableCell[] => texts.map((text) => ({ text, tone: 'plain' }))
const rows = [row('ID', 'NAME', 'NOW'), row('k3f9', '日本', 'runs the tests'), row('a', '', '')]

test('columns are aligned, whatever their script', () => {
  expect(renderTable(rows, 100, paintNothing)).toEqual(['ID    NAME  NOW', 'k3f9  日本  runs the tests', 'a'])
})

test('no line is wider than the terminal', () => {
  expect(renderTable(rows, 15, paintNothing)).toEqual(['ID    NAME  NOW', 'k3f9  日本  ru…', 'a'])
  expect(renderTable(rows, 8, paintNothing)).toEqual(['ID    N…', 'k3f9  …', 'a'])
  expect(renderTable(rows, 1, paintNothing)).toEqual(['…', '…', 'a'])
})

test('colours take no room', () => {
  const painted = renderTable([[{ text: 'ab', tone: 'red' }, ...row('c')]], 5, paintForStream(true, {}))
  expect(painted).toEqual(['\u001b[31mab\u001b[39m  c'])
})

test('no rows, no lines', () => {
  expect(renderTable([], 80, paintNothing)).toEqual([])
})

test('what is less important makes room for the last column', () => {
  const titles = (columns: number): string[] => {
    const wide = [row('A', 'BB', 'CCC', 'NOW'), row('a', 'b', 'c', 'runs the tests')]
    const [head = []] = dropColumns(wide, { lessImportant: ['CCC', 'BB'], columns, room: 10 })
    return head.map(({ text }) => text)
  }
  expect(titles(22)).toEqual(['A', 'BB', 'CCC', 'NOW'])
  expect(titles(21)).toEqual(['A', 'BB', 'NOW'])
  expect(titles(16)).toEqual(['A', 'NOW'])
  expect(titles(1)).toEqual(['A', 'NOW'])
})

test('a last column that is short needs little room', () => {
  const rows = [row('A', 'BB', 'NOW'), row('a', 'b', '')]
  expect(dropColumns(rows, { lessImportant: ['BB'], columns: 10, room: 20 })).toEqual(rows)
})
