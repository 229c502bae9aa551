import { describe, expect, test } from 'vitest'
import { readHandshake } from './handshake.js'
import { handshakeId } from './requests.js'
import { linesOfClaude } from './recordings.test.support.js'

describe('the lines of a process that starts', () => {
  test.each(['2.1.329', '2.1.197'])('%s: say that it is ready', (version) => {
    const lines = linesOfClaude(version, 'handshake').map((line) =>
      line.replace(/"request_id":"[^"]*"/, `"request_id":"${handshakeId}"`),
    )
    expect(lines.map(readHandshake).filter((meaning) => meaning !== undefined)).toEqual(['ready'])
  })

  test('say why it will not be', () => {
    const [result = ''] = linesOfClaude('2.1.329', 'resume-unknown')
    expect(readHandshake(result)).toEqual({
      reason: 'bad-request',
      message: 'No conversation found with session ID: 00000000-0000-4000-8000-000000000001',
    })
  })

  test.each(['', 'a warning', '{"type":"system","subtype":"hook_started"}'])(
    'may mean nothing yet: %s',
    (line) => {
      expect(readHandshake(line)).toBeUndefined()
    },
  )
})
