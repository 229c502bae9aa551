import { expect, test } from 'vitest'
import { makeDefinitionFolders } from '@subagent-mcp/testkit'
import { composeFirstPoolPrompt } from './pool-spec.js'

test('the prime prompt has the prompt first, then each file', () => {
  const { write } = makeDefinitionFolders()
  const files = [write('a.md', ['one', 'two']), write('b.md', ['three'])]
  expect(composeFirstPoolPrompt({ prompt: 'Read these.', files })).toBe(
    `Read these.\n\n<file path="${files[0]}">\none\ntwo\n</file>\n\n<file path="${files[1]}">\nthree\n</file>`,
  )
  expect(composeFirstPoolPrompt({ prompt: 'Think.', files: [] })).toBe('Think.')
})
