import { expect, test } from 'vitest'
import { missingTools, refusedChoice } from './tools.js'

test.each([['Read', 'mcp__files'], []])('takes whole tools and whole servers: %s', (...only) => {
  expect(refusedChoice({ tools: { only } })).toBeUndefined()
})

test.each(['Bash(git *)', 'mcp__files__read'])('refuses a part that the CLI would not honour: %s', (part) => {
  const refused = refusedChoice({ tools: { only: ['Read', part] } })
  expect(refused?.reason).toBe('bad-request')
  expect(refused?.message).toContain(`not ${part}`)
  expect(refusedChoice({ tools: { without: [part] } })).toBeUndefined()
})

test('says which tools a task was asked to have and has not', () => {
  const tools = { only: ['Read', 'Monitor'] }
  expect(missingTools({ tools })).toEqual([])
  expect(missingTools({ tools, ephemeral: true })).toEqual([
    'Monitor was left out: what it does would outlive the task',
  ])
})
