import { isYes } from './is-yes.js'
import type { Terminal } from './terminal.js'

/**
 * Whether the person who has a call before them allows it: what cannot be taken back takes the whole word. `undefined`
 * when they do not say.
 */
export async function askToAllow(
  { humanOnly }: { humanOnly?: boolean | undefined },
  ask: NonNullable<Terminal['ask']>,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const said = await ask(humanOnly === true ? 'allow? type yes in full: ' : 'allow? [y/N] ', signal)
  if (said === undefined) return undefined
  return humanOnly === true ? said.trim().toLowerCase() === 'yes' : isYes(said)
}
