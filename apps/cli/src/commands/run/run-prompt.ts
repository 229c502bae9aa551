import type { Launched } from '@subagent-mcp/daemon'
import { resolve } from 'node:path'
import { definedVariables } from '../../defined-variables.js'
import type { Desk } from '../../terminal/at-terminal.js'
import type { RunOrder } from './run-order.js'
import { stayWithAgent } from './stay-with-agent.js'

/** Launches an agent, streams what it says until it is done, and says how to go on with it. */
export async function runPrompt(order: RunOrder, desk: Desk): Promise<number> {
  const prompt = order.prompt === '-' ? await desk.terminal.readInput() : order.prompt
  const { json } = order
  return stayWithAgent({ kind: 'agent', json, launch: () => launch({ ...order, prompt }, desk) }, desk)
}

function launch({ json: _, cwd = '.', ...order }: RunOrder, { client, terminal }: Desk): Promise<Launched> {
  return client.launch({
    ...order,
    cwd: resolve(terminal.cwd, cwd),
    pid: process.pid,
    environment: definedVariables(terminal.environment),
  })
}
