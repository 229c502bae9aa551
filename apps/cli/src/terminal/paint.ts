import { styleText } from 'node:util'

/** How a piece of text looks where colours are shown. */
export type Tone = 'plain' | 'dim' | 'bold' | 'red' | 'green' | 'yellow'

/** Gives text a look, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string

/** Leaves all text as it is. */
export const unpainted: Paint = (_, text) => text

/** Colours for a terminal, unless the user wants none (https://no-color.org). */
export function paintFor(isTty: boolean, { NO_COLOR, TERM }: NodeJS.ProcessEnv): Paint {
  if (!isTty || NO_COLOR || TERM === 'dumb') return unpainted
  return (tone, text) =>
    tone === 'plain' || text === '' ? text : styleText(tone, text, { validateStream: false })
}
