import { describe, expect, test } from 'vitest'
import { readLintOrder, readListOrder, readNewOrder, readShowOrder } from './agents-order.js'

describe('the words', () => {
  test('of list', () => {
    expect(readListOrder([])).toEqual({ json: false })
    expect(readListOrder(['--json', '--cwd', '/app'])).toEqual({ json: true, cwd: '/app' })
    expect(() => readListOrder(['k3f9'])).toThrow("there is a 'k3f9' too many")
  })

  test('of show', () => {
    expect(readShowOrder(['reviewer'])).toEqual({ name: 'reviewer', json: false })
    expect(() => readShowOrder([])).toThrow('there is no agent')
    expect(() => readShowOrder(['a', 'b'])).toThrow("there is a 'b' too many")
  })

  test('of lint', () => {
    expect(readLintOrder([])).toEqual({ json: false })
    expect(readLintOrder(['reviewer', '--json'])).toEqual({ name: 'reviewer', json: true })
    expect(() => readLintOrder(['a', 'b'])).toThrow("there is a 'b' too many")
  })

  test('of new', () => {
    expect(readNewOrder(['reviewer'])).toEqual({ name: 'reviewer', json: false, user: false })
    const words = ['reviewer', '--provider', 'codex', '--user']
    expect(readNewOrder(words)).toEqual({ name: 'reviewer', provider: 'codex', json: false, user: true })
    expect(() => readNewOrder([])).toThrow('there is no name')
    expect(() => readNewOrder(['x', '--force'])).toThrow("Unknown option '--force'")
  })
})
