import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

/** One side of a JSON-RPC connection with a message on each line. */
export type JsonRpc = {
  /** Sends a request. Rejects on an error answer, so that no figure contains failures. */
  request(method: string, params: object): Promise<unknown>
  notify(method: string): void
  /** Resolves with the parameters of the next notification of this method. */
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

/** Opens a JSON-RPC connection over two streams, from their next line on. */
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
