import type { TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/** A CLI that speaks JSON-RPC, a message a line, with nothing around it. */
export type BarePeer = {
  /** Rejects when it is refused: a floor must not be made of failures. */
  request(method: string, params: object): Promise<unknown>
  notify(method: string): void
  /** The parameters of the next notification with this name. */
  next(method: string): Promise<unknown>
  close(): Promise<void>
}

const Message = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
})

type Waiting = { resolve: (value: unknown) => void; reject: (reason: Error) => void }

/** Starts it in a home. */
export function openBarePeer(options: {
  home: TemporaryHome
  command: string
  args: readonly string[]
  /** Beside the home's. */
  variables?: Record<string, string>
}): BarePeer {
  const { home, command, args, variables } = options
  const { cwd, environment } = home
  const env = { ...environment, ...variables }
  const cli = execa(command, args, { cwd, env, extendEnv: false, buffer: false, stderr: 'ignore' })
  const answers = new Map<number, Waiting>()
  const notifications = new Map<string, (params: unknown) => void>()
  createInterface({ input: cli.stdout }).on('line', (line) => {
    const { id, method, params, result, error } = Message.parse(JSON.parse(line))
    if (method !== undefined) notifications.get(method)?.(params)
    else if (error) answers.get(Number(id))?.reject(new Error(error.message))
    else answers.get(Number(id))?.resolve(result)
  })
  const write = (message: object): void =>
    void cli.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
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
    close: async () => {
      cli.stdin.end()
      await cli
    },
  }
}
