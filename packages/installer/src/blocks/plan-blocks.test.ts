import { expect, test } from 'vitest'
import { importsAgentsMd } from './plan-blocks.js'

test.each([
  '@AGENTS.md\n',
  '@./AGENTS.md',
  'See\n@AGENTS.md \nfirst',
  '```\nx\n```\n@AGENTS.md',
  '\uFEFF@AGENTS.md\r\n',
])('%j has it brought in', (text) => {
  expect(importsAgentsMd(text)).toBe(true)
})

test.each([
  '',
  'AGENTS.md',
  '`@AGENTS.md`',
  'See @AGENTS.md.',
  '<!--\n@AGENTS.md\n-->',
  'me@AGENTS.md',
  '@AGENTS.md.bak/x',
  '@docs/AGENTS.md',
  '```\n@AGENTS.md\n```\n',
  '~~~\n@AGENTS.md',
])('%j has not', (text) => {
  expect(importsAgentsMd(text)).toBe(false)
})
