import { expect, test } from 'vitest'
import { gemini } from './gemini.js'
import { replyFrames } from './reply-frames.js'

test('the conversation is what the user typed and what the tools did', () => {
  const contents = [
    { role: 'user', parts: [{ text: '<session_context>[[hang]]</session_context>' }, { text: 'look' }] },
    { role: 'model', parts: [{ text: 'I look.' }, { functionCall: { name: 'ls', args: {} } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'ls', response: { output: 'empty' } } }] },
  ]
  expect(gemini.read('/v1beta/models/gemini-2.5-pro:streamGenerateContent', { contents })).toMatchObject({
    model: 'gemini-2.5-pro',
    stream: true,
    conversation: [
      { type: 'user-said', text: 'look' },
      { type: 'tool-called' },
      { type: 'tool-answered', text: 'empty' },
    ],
  })
})

test('a stream is chunks of a response, the last one with the reason and the usage', () => {
  const steps = [
    { type: 'think', text: 'hm' },
    { type: 'say', text: 'yes', pieces: 2 },
    { type: 'tool', tool: 'ls', input: { at: 'a' } },
  ] as const
  const usage = { inputTokens: 100, cachedTokens: 60, outputTokens: 9 }
  const narrator = gemini.narrate({ id: 'x', model: 'm', content: steps, usage })
  const written = [...replyFrames(steps, narrator)].map((frame) => (frame.type === 'write' ? frame.text : ''))
  expect(written.join('')).toMatchInlineSnapshot(`
    "data: {"responseId":"x","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"hm","thought":true}]}}]}

    data: {"responseId":"x","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"ye"}]}}]}

    data: {"responseId":"x","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"s"}]}}]}

    data: {"responseId":"x","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"functionCall":{"id":"call_x_2","name":"ls","args":{"at":"a"}}}]}}]}

    data: {"responseId":"x","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":60,"candidatesTokenCount":9,"totalTokenCount":109}}

    "
  `)
})

test('an error tells when to try again', () => {
  expect(gemini.refusal({ status: 429, retryAfterSeconds: 7 })).toMatchObject({
    error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '7s' }] },
  })
})
