import { isYes } from './is-yes.js'
import { wrongUse } from '../command/wrong-use.js'
import type { Terminal } from './terminal.js'

/** Whether the person at the terminal agrees. @throws SubagentError where nobody is there: `hint` says how to go on */
export async function agrees({ ask }: Terminal, question: string, hint: string): Promise<boolean> {
  if (!ask) throw wrongUse(`${question} Nobody is there to agree`, hint)
  return isYes(await ask(`${question} [y/N] `, new AbortController().signal))
}
