import { expect, test } from 'vitest'
import { openai } from './openai.js'
import { replyFrames } from './reply-frames.js'

test('the conversation is what the user typed and what the tools did', () => {
  const input = [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: '[[hang]]' }] },
    {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: '<environment_context>x</environment_context>' }],
    },
    { role: 'user', content: 'look' },
    { type: 'reasoning', summary: [] },
    { type: 'custom_tool_call', call_id: '1', name: 'exec', input: 'text(1)' },
    { type: 'custom_tool_call_output', call_id: '1', output: [{ type: 'input_text', text: 'one' }] },
    { type: 'function_call', call_id: '2', name: 'wait', arguments: '{}' },
    { type: 'function_call_output', call_id: '2', output: 'two' },
  ]
  expect(
    openai.read('/v1/responses', { model: 'm', stream: true, prompt_cache_key: 'thread', input }),
  ).toMatchObject({
    session: 'thread',
    conversation: [
      { type: 'user-said', text: 'look' },
      { type: 'tool-called' },
      { type: 'tool-answered', text: 'one' },
      { type: 'tool-called' },
      { type: 'tool-answered', text: 'two' },
    ],
  })
})

test('a stream is the events of the Responses API', () => {
  const steps = [
    { type: 'think', text: 'hm' },
    { type: 'say', text: 'yes', pieces: 2 },
    { type: 'tool', tool: 'team.spawn', input: { at: 'a' } },
    { type: 'tool', tool: 'exec', input: 'text(1)' },
  ] as const
  const usage = { inputTokens: 100, cachedTokens: 60, outputTokens: 9 }
  const narrator = openai.narrate({ id: 'x', model: 'm', content: steps, usage })
  const written = [...replyFrames(steps, narrator)].map((frame) => (frame.type === 'write' ? frame.text : ''))
  expect(written.join('')).toMatchInlineSnapshot(`
    "event: response.created
    data: {"type":"response.created","response":{"id":"resp_x","object":"response","model":"m","status":"in_progress"}}

    event: response.output_item.added
    data: {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_x_0","summary":[]}}

    event: response.reasoning_summary_text.delta
    data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_x_0","output_index":0,"summary_index":0,"delta":"hm"}

    event: response.output_item.done
    data: {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_x_0","summary":[{"type":"summary_text","text":"hm"}]}}

    event: response.output_item.added
    data: {"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg_x_1","role":"assistant","status":"in_progress","content":[]}}

    event: response.output_text.delta
    data: {"type":"response.output_text.delta","item_id":"msg_x_1","output_index":1,"content_index":0,"delta":"ye"}

    event: response.output_text.delta
    data: {"type":"response.output_text.delta","item_id":"msg_x_1","output_index":1,"content_index":0,"delta":"s"}

    event: response.output_item.done
    data: {"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"msg_x_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"yes","annotations":[]}]}}

    event: response.output_item.added
    data: {"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"fc_x_2","call_id":"call_x_2","status":"completed","namespace":"team","name":"spawn","arguments":""}}

    event: response.function_call_arguments.delta
    data: {"type":"response.function_call_arguments.delta","item_id":"fc_x_2","output_index":2,"delta":"{\\"at\\":\\"a\\"}"}

    event: response.output_item.done
    data: {"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","id":"fc_x_2","call_id":"call_x_2","status":"completed","namespace":"team","name":"spawn","arguments":"{\\"at\\":\\"a\\"}"}}

    event: response.output_item.added
    data: {"type":"response.output_item.added","output_index":3,"item":{"type":"custom_tool_call","id":"fc_x_3","call_id":"call_x_3","status":"completed","name":"exec","input":""}}

    event: response.custom_tool_call_input.delta
    data: {"type":"response.custom_tool_call_input.delta","item_id":"fc_x_3","output_index":3,"delta":"text(1)"}

    event: response.output_item.done
    data: {"type":"response.output_item.done","output_index":3,"item":{"type":"custom_tool_call","id":"fc_x_3","call_id":"call_x_3","status":"completed","name":"exec","input":"text(1)"}}

    event: response.completed
    data: {"type":"response.completed","response":{"id":"resp_x","object":"response","model":"m","status":"completed","output":[{"type":"reasoning","id":"rs_x_0","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","id":"msg_x_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"yes","annotations":[]}]},{"type":"function_call","id":"fc_x_2","call_id":"call_x_2","status":"completed","namespace":"team","name":"spawn","arguments":"{\\"at\\":\\"a\\"}"},{"type":"custom_tool_call","id":"fc_x_3","call_id":"call_x_3","status":"completed","name":"exec","input":"text(1)"}],"usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":60},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":109}}}

    "
  `)
})

test('a message that is a code is the code of the error', () => {
  expect(openai.refusal({ status: 400, message: 'context_length_exceeded' })).toMatchObject({
    error: { code: 'context_length_exceeded' },
  })
  expect(openai.refusal({ status: 400, message: 'too long' })).toMatchObject({
    error: { code: 'invalid_request_error', message: 'too long' },
  })
})
