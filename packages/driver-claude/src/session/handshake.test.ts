import type { SessionSpec } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { createClaudeHandshake, type HandshakeOutcome } from './handshake.js'
import { recordedClaudeLines } from '../recordings.test.support.js'

type Asked = Pick<SessionSpec, 'model' | 'effort'>

/** Feeds recorded lines to a handshake and returns its outcomes; the recorder's request ids are replaced by the driver's. */
function hearAll(asked: Asked, lines: readonly string[]): HandshakeOutcome[] {
  const handshake = createClaudeHandshake(asked)
  const ids = handshake.lines.map((line) => /"request_id":"[^"]*"/.exec(line)?.[0] ?? '')
  return lines.flatMap((line) => {
    const ours = line.includes('control_response')
      ? line.replace(/"request_id":"[^"]*"/, ids.shift() ?? '')
      : line
    return handshake.onLine(ours) ?? []
  })
}

describe.each(['2.1.329', '2.1.197'])('a process of %s that starts', (version) => {
  test.each<[string, Asked]>([
    ['models', {}],
    ['effort-taken', { model: 'opus', effort: 'max' }],
    ['ultracode', { model: 'opus', effort: 'ultracode' }],
  ])('%s: is ready, as it was asked for', (name, asked) => {
    const said = hearAll(asked, recordedClaudeLines(version, name))
    expect(said).toMatchObject([{ type: 'ready', notes: [] }])
  })

  test('leaves out an effort that the model does not know, and we say so', () => {
    const asked = { model: 'claude-haiku-4-5', effort: 'low' } as const
    const notes = ['claude-haiku-4-5 takes no effort: low was left out']
    expect(hearAll(asked, recordedClaudeLines(version, 'effort-none'))).toMatchObject([
      { type: 'ready', notes },
    ])
  })

  test.each([
    ['xhigh', 'claude-opus-4-6 does not take the effort xhigh, but high'],
    ['ultracode', 'ultracode is off: claude-opus-4-6 has none, or workflows are switched off'],
  ] as const)('takes another effort than %s: that is a failure', (effort, message) => {
    const asked = { model: 'claude-opus-4-6', effort }
    const failure = { reason: 'bad-request', message, hint: 'it takes low, medium, high, max' }
    const said = hearAll(asked, recordedClaudeLines(version, 'effort-clamped'))
    expect(said).toEqual([{ type: 'failed', failure }])
  })

  test('knows no such model, though it would ask the API for it', () => {
    const [said] = hearAll({ model: 'nonsense' }, recordedClaudeLines(version, 'model-unknown'))
    expect(said).toMatchObject({ type: 'failed', failure: { reason: 'model-unavailable' } })
    expect(said?.type === 'failed' && said.failure.hint).toMatch(/default, .*sonnet, .*haiku/)
  })
})

describe('the lines of a process that starts', () => {
  test('say why it will not be ready', () => {
    const failure = {
      reason: 'bad-request',
      message: 'No conversation found with session ID: 00000000-0000-4000-8000-000000000001',
    }
    const [result = ''] = recordedClaudeLines('2.1.329', 'resume-unknown')
    expect(createClaudeHandshake({}).onLine(result)).toEqual({ type: 'failed', failure })
  })

  test('may leave unsaid what became of an effort', () => {
    const answer = (body: object) => JSON.stringify({ type: 'control_response', response: body })
    const lines = [
      answer({ subtype: 'success', request_id: '', response: {} }),
      answer({ subtype: 'error', request_id: '', error: 'unknown request' }),
    ]
    const ready = { type: 'ready', models: [], notes: [] }
    expect(hearAll({ effort: 'low' }, lines)).toEqual([ready])
  })

  test.each(['', 'a warning', '{"type":"system","subtype":"hook_started"}'])(
    'may mean nothing yet: %s',
    (line) => {
      expect(createClaudeHandshake({}).onLine(line)).toBeUndefined()
    },
  )
})
