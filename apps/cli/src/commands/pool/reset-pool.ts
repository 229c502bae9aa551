import { resolve } from 'node:path'
import { definedVariables } from '../../defined-variables.js'
import { exitCode } from '../../exit.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { oneLine } from '../../terminal/plain-text.js'
import type { ResetOrder } from './reset-order.js'

/** Ends all processes of the agent, and says how many there were. */
export async function resetPool(
  { agent, json, cwd = '.' }: ResetOrder,
  { client, terminal }: Desk,
): Promise<number> {
  const { environment, stdout } = terminal
  const reset = await client.resetPool(agent, {
    cwd: resolve(terminal.cwd, cwd),
    environment: definedVariables(environment),
  })
  const { ended } = reset
  const text = `${oneLine(agent, 80)}: ended ${ended} process${ended === 1 ? '' : 'es'}`
  await stdout.print(`${json ? JSON.stringify(reset, undefined, 2) : text}\n`)
  return exitCode.done
}
