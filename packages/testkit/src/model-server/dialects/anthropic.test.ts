import { expect, test } from 'vitest'
import { anthropic } from './anthropic.js'
import { replyFrames } from './reply-frames.js'

test('the conversation is what the user typed and what the tools did', () => {
  const messages = [
    { role: 'user', content: [text('<system-reminder>[[hang]]</system-reminder>'), text('look')] },
    { role: 'system', content: '# Environment\n[[hang]]' },
    { role: 'assistant', content: [text('I look.'), { type: 'tool_use', id: '1', name: 'Read', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: [text('[[hang]]')] }] },
    {
      role: 'system',
      content: [text(`The user sent a new message while you were working:\nfaster\n\n${surfaced}`)],
    },
  ]
  const metadata = { user_id: '{"session_id":"1"}' }
  expect(anthropic.read('/v1/messages', { model: 'm', stream: true, metadata, messages })).toMatchObject({
    session: metadata.user_id,
    conversation: [
      { type: 'user-said', text: 'look' },
      { type: 'tool-called' },
      { type: 'tool-answered', text: '[[hang]]' },
      { type: 'user-said', text: 'faster' },
    ],
  })
})

test('a prompt is the same whether a message comes as text or as a block, marked for the cache or not', () => {
  const block = { ...text('same'), cache_control: { type: 'ephemeral' } }
  const [one, other] = ['same', [block]].map((content) =>
    anthropic.read('/v1/messages', { model: 'm', messages: [{ role: 'user', content }] }),
  )
  expect(one?.type === 'turn' ? one.prompt : '').toContain('same')
  expect(one).toEqual(other)
})

test('a stream is the events of the Messages API', () => {
  const steps = [
    { type: 'think', text: 'hm' },
    { type: 'say', text: 'yes', pieces: 2 },
    { type: 'tool', tool: 'Read', input: { at: 'a' } },
  ] as const
  const usage = { inputTokens: 100, cachedTokens: 60, outputTokens: 9 }
  const narrator = anthropic.narrate({ id: 'x', model: 'm', content: steps, usage })
  const written = [...replyFrames(steps, narrator)].map((frame) => (frame.type === 'write' ? frame.text : ''))
  expect(written.join('')).toMatchInlineSnapshot(`
    "event: message_start
    data: {"type":"message_start","message":{"id":"msg_x","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":36,"cache_read_input_tokens":60,"output_tokens":1}}}

    event: content_block_start
    data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

    event: content_block_delta
    data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

    event: content_block_delta
    data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"loopback"}}

    event: content_block_stop
    data: {"type":"content_block_stop","index":0}

    event: content_block_start
    data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

    event: content_block_delta
    data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"ye"}}

    event: content_block_delta
    data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"s"}}

    event: content_block_stop
    data: {"type":"content_block_stop","index":1}

    event: content_block_start
    data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_x_2","name":"Read","input":{}}}

    event: content_block_delta
    data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"at\\":\\"a\\"}"}}

    event: content_block_stop
    data: {"type":"content_block_stop","index":2}

    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":4,"cache_creation_input_tokens":36,"cache_read_input_tokens":60,"output_tokens":9}}

    event: message_stop
    data: {"type":"message_stop"}

    "
  `)
})

const surfaced = 'This is how Claude Code surfaces messages the user sends mid-turn.'

function text(words: string) {
  return { type: 'text', text: words }
}
