import { z } from 'zod'
import type { TestHost } from '../play-host.test.support.js'

/** The answer to a tool call or to `tasks/get`. An error has its code as the status. */
export const Task = z.looseObject({
  resultType: z.string(),
  taskId: z.string().default(''),
  status: z.string().default(''),
  statusMessage: z.string().optional(),
  ttlMs: z.number().nullable().default(null),
  pollIntervalMs: z.number().optional(),
  result: z.looseObject({ content: z.array(z.looseObject({ text: z.string() })) }).optional(),
  inputRequests: z.record(z.string(), z.looseObject({ method: z.string() })).optional(),
  content: z.array(z.looseObject({ text: z.string() })).optional(),
  isError: z.boolean().optional(),
})
export type Task = z.infer<typeof Task>

/** How a host that follows tasks connects. */
export const modern = {
  speaks: '2026',
  capabilities: { elicitation: { form: {} }, extensions: { 'io.modelcontextprotocol/tasks': {} } },
} as const

/** Calls a tool. */
export async function callTool(host: TestHost, name: string, input: object = {}): Promise<Task> {
  return Task.parse((await host.request('tools/call', { name, arguments: input })).result)
}

/** Asks for a task. */
export async function getTask(host: TestHost, taskId: string): Promise<Task> {
  const { result, error } = await host.request('tasks/get', { taskId })
  return result ? Task.parse(result) : Task.parse({ resultType: 'error', status: String(error?.code) })
}

/** The text of a task's result, or of a direct answer. */
export function textOf({ result, content = [] }: Task): string {
  return (result?.content ?? content).map((part) => part.text).join()
}
