import { resolve } from 'node:path'
import { definedVariables } from '../defined-variables.js'
import type { Desk } from '../terminal/at-terminal.js'
import { wrongUse } from '../terminal/read-words.js'
import type { Terminal } from '../terminal/terminal.js'
import { invokeUsage, type InvokeOrder } from './invoke-order.js'
import { stayWithAgent } from './stay-with-agent.js'

/** Has a warm agent do a task, shows how it goes, and prints its answer. */
export async function invokeTask(order: InvokeOrder, desk: Desk): Promise<number> {
  const { agent, timeoutSeconds, cwd = '.', json } = order
  const { client, terminal } = desk
  const task = await readTask(order, terminal)
  const body = {
    agent,
    task,
    wait: false,
    cwd: resolve(terminal.cwd, cwd),
    pid: process.pid,
    environment: definedVariables(terminal.environment),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  }
  return stayWithAgent({ kind: 'task', json, launch: () => client.invoke(body) }, desk)
}

/** What is in the words, else what comes through a pipe. Nobody is left before a keyboard that is silently read. */
async function readTask({ task }: InvokeOrder, { hasKeyboard, readInput }: Terminal): Promise<string> {
  if (task !== undefined && task !== '-') return task
  if (task === undefined && hasKeyboard) throw wrongUse('there is no task', invokeUsage)
  const input = await readInput()
  if (input.trim() === '') throw wrongUse('there is no task: stdin is empty', invokeUsage)
  return input
}
