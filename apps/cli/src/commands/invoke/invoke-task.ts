import { SubagentError } from '@subagent-mcp/contract'
import type { StartedTask } from '@subagent-mcp/daemon'
import { resolve } from 'node:path'
import { definedVariables } from '../../defined-variables.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { readText } from '../../terminal/read-text.js'
import { invokeUsage, type InvokeOrder } from './invoke-order.js'
import { stayWithAgent, type Begun } from '../run/stay-with-agent.js'

/**
 * Has a warm agent do a task, shows how it goes, and prints its answer. The task goes on where the command ends without
 * having interrupted it.
 */
export async function invokeTask(order: InvokeOrder, desk: Desk): Promise<number> {
  const { agent, timeoutSeconds, cwd = '.', json } = order
  const { client, terminal } = desk
  const task = await readText({ text: order.task, name: 'task', usage: invokeUsage }, terminal)
  const body = {
    agent,
    task,
    attended: terminal.ask !== undefined,
    cwd: resolve(terminal.cwd, cwd),
    pid: process.pid,
    environment: definedVariables(terminal.environment),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  }
  const hangUp = new AbortController()
  const launch = async (): Promise<Begun> =>
    beginTask(await client.startTask(body, hangUp.signal), task, client)
  try {
    return await stayWithAgent({ kind: 'task', json, launch }, desk)
  } finally {
    hangUp.abort()
  }
}

async function beginTask(
  { over, ...launched }: StartedTask,
  prompt: string,
  client: Desk['client'],
): Promise<Begun> {
  const result = over.then(({ agent, answer = '' }) => ({ agent, prompt, said: answer }))
  // It is heard where it is awaited, if it is not too late.
  result.catch(() => undefined)
  const { agent } = await client.agent(launched.id).catch((error: unknown) => {
    if (isUnknownAgent(error)) return result
    throw error
  })
  return { ...launched, agent, result }
}

/** One that was over at once is forgotten by now. */
function isUnknownAgent(error: unknown): boolean {
  return error instanceof SubagentError && error.code === 'unknown-agent'
}
