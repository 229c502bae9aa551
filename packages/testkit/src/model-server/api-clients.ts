import { allObjectsIn, type ApiClient } from './api-client.js'

const anthropic: ApiClient = {
  name: 'anthropic',
  path: { streamed: '/v1/messages?beta=true', whole: '/v1/messages' },
  body: (lines, stream) => ({
    model: 'claude-test',
    ...(stream ? { stream } : {}),
    system: 'Be brief.',
    messages: lines.flatMap((line, index): object[] => {
      if ('user' in line) return [{ role: 'user', content: [{ type: 'text', text: line.user }] }]
      if ('model' in line) return [{ role: 'assistant', content: line.model }]
      const id = `call_${index}`
      return [
        { role: 'assistant', content: [{ type: 'tool_use', id, name: line.tool, input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: line.result }] },
      ]
    }),
  }),
  hear: (data) => ({
    texts: [...field(data, 'text_delta', 'text'), ...field(data, 'text', 'text')],
    thoughts: [...field(data, 'thinking_delta', 'thinking'), ...field(data, 'thinking', 'thinking')],
    tools: typed(data, 'tool_use').map(({ name, input }) => ({
      name,
      input: field(data, 'input_json_delta', 'partial_json').map(parsed)[0] ?? input,
    })),
    usage: {
      input:
        last(data, 'input_tokens') +
        last(data, 'cache_creation_input_tokens') +
        last(data, 'cache_read_input_tokens'),
      cached: last(data, 'cache_read_input_tokens'),
      output: last(data, 'output_tokens'),
    },
  }),
}

const openai: ApiClient = {
  name: 'openai',
  path: { streamed: '/v1/responses', whole: '/v1/responses' },
  body: (lines, stream) => ({
    model: 'gpt-test',
    stream,
    instructions: 'Be brief.',
    input: lines.flatMap((line, index): object[] => {
      if ('user' in line) return [message('user', { type: 'input_text', text: line.user })]
      if ('model' in line) return [message('assistant', { type: 'output_text', text: line.model })]
      const call = { call_id: `call_${index}` }
      return [
        { type: 'function_call', ...call, name: line.tool, arguments: '{}' },
        { type: 'function_call_output', ...call, output: line.result },
      ]
    }),
  }),
  hear: (data) => {
    const pieces = field(data, 'response.output_text.delta', 'delta')
    const whole = data.at(-1)
    return {
      texts: pieces.length > 0 ? pieces : field(whole, 'output_text', 'text'),
      thoughts: field(whole, 'summary_text', 'text'),
      tools: typed(whole, 'function_call').map(({ name, arguments: input }) => ({
        name,
        input: parsed(String(input)),
      })),
      usage: {
        input: last(data, 'input_tokens'),
        cached: last(data, 'cached_tokens'),
        output: last(data, 'output_tokens'),
      },
    }
  },
}

const gemini: ApiClient = {
  name: 'gemini',
  path: {
    streamed: '/v1beta/models/gemini-test:streamGenerateContent?alt=sse',
    whole: '/v1beta/models/gemini-test:generateContent',
  },
  body: (lines) => ({
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: lines.flatMap((line): object[] => {
      if ('user' in line) return [{ role: 'user', parts: [{ text: line.user }] }]
      if ('model' in line) return [{ role: 'model', parts: [{ text: line.model }] }]
      return [
        { role: 'model', parts: [{ functionCall: { name: line.tool, args: {} } }] },
        {
          role: 'user',
          parts: [{ functionResponse: { name: line.tool, response: { output: line.result } } }],
        },
      ]
    }),
  }),
  hear: (data) => {
    const parts = allObjectsIn(data).filter(({ text }) => typeof text === 'string' && text !== '')
    return {
      texts: parts.filter(({ thought }) => thought !== true).map(({ text }) => String(text)),
      thoughts: parts.filter(({ thought }) => thought === true).map(({ text }) => String(text)),
      tools: allObjectsIn(data).flatMap(({ functionCall }) =>
        allObjectsIn(functionCall)
          .slice(0, 1)
          .map(({ name, args }) => ({ name, input: args })),
      ),
      usage: {
        input: last(data, 'promptTokenCount'),
        cached: last(data, 'cachedContentTokenCount'),
        output: last(data, 'candidatesTokenCount'),
      },
    }
  },
}

/** Test clients of all three model APIs, each as its CLI uses it. */
export const apiClients = [anthropic, openai, gemini] as const

function message(role: string, part: object): object {
  return { type: 'message', role, content: [part] }
}

function typed(data: unknown, type: string): Record<string, unknown>[] {
  return allObjectsIn(data).filter((each) => each['type'] === type)
}

/** Returns the texts under a name in all objects of a type, without the empty ones that open a block. */
function field(data: unknown, type: string, name: string): string[] {
  return typed(data, type).flatMap(({ [name]: text }) =>
    typeof text === 'string' && text !== '' ? [text] : [],
  )
}

function parsed(json: string): unknown {
  return JSON.parse(json)
}

function last(data: unknown, name: string): number {
  return Number(allObjectsIn(data).findLast((each) => name in each)?.[name] ?? 0)
}
