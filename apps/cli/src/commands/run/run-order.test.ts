import { expect, test } from 'vitest'
import { readRunOrder } from './run-order.js'

test('the words', () => {
  expect(readRunOrder(['fix it'])).toEqual({ prompt: 'fix it', category: 'fallback_default', json: false })
  const asked = ['--category', 'coding', '--provider', 'claude', '--model=opus', '--name', 'x'.repeat(80)]
  expect(readRunOrder(['fix it', ...asked, '--json'])).toEqual({
    prompt: 'fix it',
    category: 'coding',
    provider: 'claude',
    model: 'opus',
    name: 'x'.repeat(80),
    json: true,
  })
  expect(readRunOrder(['fix it', '--permissions', 'accept-edits'])).toMatchObject({
    permissions: 'accept-edits',
  })
  expect(readRunOrder(['fix it', '--agent', 'fixer'])).toEqual({
    prompt: 'fix it',
    agent: 'fixer',
    json: false,
  })
  expect(readRunOrder(['fix it', '--prefer', 'codex'])).toMatchObject({ prefer: 'codex' })
  expect(() => readRunOrder([])).toThrow('there is no prompt')
  expect(() => readRunOrder(['fix', 'it'])).toThrow("there is a 'it' too many")
})

const wrong: [words: string[], says: string][] = [
  [['--category', 'cooking'], "--category 'cooking' does not exist"],
  [['--model', 'opus'], '--model needs --provider'],
  [['--prefer', 'codex', '--provider', 'codex'], '--prefer cannot be combined with --provider'],
  [['--prefer', 'codex', '--model', 'gpt'], '--prefer cannot be combined with --model'],
  [['--agent', 'fixer', '--prefer', 'codex'], '--prefer beside --agent: its definition says it'],
  [['--agent', 'fixer', '--model', 'opus'], '--model beside --agent: its definition says it'],
  [['--permissions', 'all'], "--permissions is one of read-only, ask, accept-edits, full-auto, not 'all'"],
  [['--agent', 'fixer', '--permissions', 'ask'], '--permissions beside --agent: its definition says it'],
  [['--provider', 'claude', '--effort', 'high'], '--effort needs --model'],
  [['--agent', ''], '--agent is empty'],
  [['--name', 'x'.repeat(81)], '--name has 81 characters, at most 80'],
]
test.each(wrong)('%j is refused', (words, says) => {
  expect(() => readRunOrder(['do it', ...words])).toThrow(says)
})
