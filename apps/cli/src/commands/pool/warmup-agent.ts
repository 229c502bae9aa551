import { resolve } from 'node:path'
import { definedVariables } from '../../defined-variables.js'
import { exitCode } from '../../exit.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { megabytes } from '../../terminal/amounts.js'
import { oneLine } from '../../terminal/plain-text.js'
import type { WarmupOrder } from './warmup-order.js'

/** Starts a process of the agent unless one is warm, and says which it is. */
export async function warmUpAgent(
  { agent, cache, json, cwd = '.' }: WarmupOrder,
  { client, terminal }: Desk,
): Promise<number> {
  const { environment, stdout } = terminal
  const here = resolve(terminal.cwd, cwd)
  const body = { cwd: here, environment: definedVariables(environment), cache }
  const process = await client.warmUp(agent, body)
  const { pid, memory } = process
  const facts = [
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(memory === undefined ? [] : [megabytes(memory)]),
  ].join(', ')
  const text = `${oneLine(agent, 80)} is warm${facts && `: ${facts}`}`
  await stdout.print(`${json ? JSON.stringify(process, undefined, 2) : text}\n`)
  return exitCode.done
}
