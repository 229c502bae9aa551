import type { AgentSummary } from '@subagent-mcp/api'
import { createInterface } from 'node:readline'
import type { PassThrough } from 'node:stream'
import { z } from 'zod'
import { createManualForms, type ManualForms } from './manual-forms.test.support.js'
import { agentsMetaKey } from './call-result.js'

const Answer = z.looseObject({
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({ message: z.string().optional(), requestId: z.number().optional() }).optional(),
  error: z.looseObject({ code: z.number().optional(), message: z.string() }).optional(),
  result: z
    .looseObject({
      content: z.array(z.looseObject({ text: z.string() })).optional(),
      isError: z.boolean().optional(),
      _meta: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
})
export type Answer = z.infer<typeof Answer>

/** A host that writes and reads JSON lines, as a test drives it. */
export type TestHost = {
  request(method: string, params?: object): Promise<Answer>
  /** Calls a tool and returns the text of its answer. */
  call(name: string, input?: object): Promise<string>
  agents(name: string, input?: object): Promise<AgentSummary[]>
  write(line: string): void
  forms: ManualForms
  /** Cancels the newest call. */
  cancel(): void
  seen: Answer[]
  problems: Error[]
}

type Streams = { input: PassThrough; output: PassThrough; problems: Error[] }

/** Creates a host that reads answers from `output`, writes lines to `input`, and sends `meta` with each request. */
export function playHost({ input, output, problems }: Streams, meta?: object): TestHost {
  const waiting = new Map<number, (answer: Answer) => void>()
  const seen: Answer[] = []
  let lastId = 0
  createInterface({ input: output }).on('line', (line) => {
    const answer = Answer.parse(JSON.parse(line))
    seen.push(answer)
    if (answer.method !== undefined) forms.onMessage(answer)
    else if (typeof answer.id === 'number') waiting.get(answer.id)?.(answer)
  })
  const write = (line: string): void => {
    input.write(`${line}\n`)
  }
  const forms = createManualForms(write)
  const request: TestHost['request'] = (method, params = {}) =>
    new Promise((resolve) => {
      lastId += 1
      waiting.set(lastId, resolve)
      write(
        JSON.stringify({
          jsonrpc: '2.0',
          id: lastId,
          method,
          params: { ...params, ...(meta && { _meta: meta }) },
        }),
      )
    })
  const callRaw = (name: string, input: object): Promise<Answer> =>
    request('tools/call', { name, arguments: input, _meta: { progressToken: 1 } })
  return {
    request,
    write,
    forms,
    cancel: () => {
      const params = { requestId: lastId }
      write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }))
    },
    seen,
    problems,
    call: async (name, input = {}) => (await callRaw(name, input)).result?.content?.[0]?.text ?? '',
    agents: async (name, input = {}) => {
      const { result } = await callRaw(name, input)
      return z.array(z.custom<AgentSummary>()).parse(result?._meta?.[agentsMetaKey])
    },
  }
}
