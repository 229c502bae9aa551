import { styleText } from 'node:util'

/** A style of text on terminals with colours. */
export type TextTone = 'plain' | 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'cyan'

/** Styles a text, or returns it unchanged where colours are not shown. */
export type TextPaint = (tone: TextTone, text: string) => string

/** Returns every text unchanged. */
export const paintNothing: TextPaint = (_, text) => text

/** Returns the styles for a stream: none for pipes, `TERM=dumb`, or when NO_COLOR is set (https://no-color.org). */
export function paintForStream(isTty: boolean, { NO_COLOR, TERM }: NodeJS.ProcessEnv): TextPaint {
  if (!isTty || NO_COLOR || TERM === 'dumb') return paintNothing
  return (tone, text) =>
    tone === 'plain' || text === '' ? text : styleText(tone, text, { validateStream: false })
}
