import { expect, test } from 'vitest'
import { startTestContext } from '../context.test.support.js'
import {
  formatRecordedPermissionAnswer,
  formatPermissionRequestLine,
  formatPermissionRequest,
} from './question-text.js'

const question = { agentId: 'a', requestId: 'r', tool: 'Bash' }

test('a call is shown with all that is in it', async () => {
  const { terminal } = await startTestContext()
  const input = { command: 'echo hi \u009b;/tmp/evil.sh&\u009c', deep: { in: { it: '\u202eab\u200b' } } }
  expect(formatPermissionRequestLine({ ...question, input }, 0)).toBe(
    String.raw`asks permission: Bash {"command":"echo hi \u{9b};/tmp/evil.sh&\u{9c}","deep":{"in":{"it":"\u{202e}ab\u{200b}"}}}`,
  )
  const shown = formatPermissionRequest({ ...question, tool: 'Ba\u0007sh\nls', input }, terminal, 'a1 ')
  expect(shown).toContain(String.raw`a1 asks permission: Ba\u{7}sh\u{a}ls` + '\n{\n')
  expect(shown).toContain(String.raw`  "command": "echo hi \u{9b};/tmp/evil.sh&\u{9c}"`)
  expect(shown).toContain(String.raw`      "it": "\u{202e}ab\u{200b}"`)
})

test('what was taken back says why', () => {
  expect(formatRecordedPermissionAnswer({ event: 'withdrawn', why: 'stop-requested' })).toBe('stop-requested')
  expect(formatRecordedPermissionAnswer({ event: 'withdrawn' })).toBe('')
})
