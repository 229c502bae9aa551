import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

/** One end of a JSON-RPC conversation, a message a line, with nothing around it. */
export type JsonRpc = {
  /** Rejects when it is refused: a floor must not be made of failures. */
  request(method: string, params: object): Promise<unknown>
  notify(method: string): void
  /** The parameters of the next notification with this name. */
  next(method: string): Promise<unknown>
}

const Message = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
})

type Waiting = { resolve: (value: unknown) => void; reject: (reason: Error) => void }

/** Speaks over a pair of streams, from their next line on. */
export function speakJsonRpc({ input, output }: { input: Readable; output: Writable }): JsonRpc {
  const answers = new Map<number, Waiting>()
  const notifications = new Map<string, (params: unknown) => void>()
  createInterface({ input }).on('line', (line) => {
    const { id, method, params, result, error } = Message.parse(JSON.parse(line))
    if (method !== undefined) {
      notifications.get(method)?.(params)
      return
    }
    const waiting = answers.get(Number(id))
    answers.delete(Number(id))
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  })
  const write = (message: object): void =>
    void output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let lastId = 0
  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        lastId += 1
        answers.set(lastId, { resolve, reject })
        write({ id: lastId, method, params })
      }),
    notify: (method) => {
      write({ method })
    },
    next: (method) => new Promise((resolve) => notifications.set(method, resolve)),
  }
}
