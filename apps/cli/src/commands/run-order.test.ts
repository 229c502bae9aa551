import { expect, test } from 'vitest'
import { readRunOrder } from './run-order.js'

test('the words', () => {
  expect(readRunOrder(['fix it'])).toEqual({ prompt: 'fix it', json: false })
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
  [['--category', 'cooking'], "no category 'cooking'"],
  [['--model', 'opus'], '--model needs --provider'],
  [['--prefer', 'codex', '--provider', 'codex'], '--prefer cannot be combined with --provider'],
  [['--prefer', 'codex', '--model', 'gpt'], '--prefer cannot be combined with --model'],
  [['--agent', 'fixer', '--prefer', 'codex'], '--agent cannot be combined with --prefer'],
  [['--agent', 'fixer', '--model', 'opus'], '--agent cannot be combined with --model'],
  [['--permissions', 'all'], '--permissions: must be one of read-only, ask, accept-edits, full-auto'],
  [['--agent', 'fixer', '--permissions', 'ask'], '--agent cannot be combined with --permissions'],
  [['--provider', 'claude', '--effort', 'high'], '--effort needs --model'],
  [['--agent', ''], '--agent: must not be empty'],
  [['--name', 'x'.repeat(81)], '--name: must have at most 80 characters'],
]
test.each(wrong)('%j is refused', (words, says) => {
  expect(() => readRunOrder(['do it', ...words])).toThrow(says)
})
