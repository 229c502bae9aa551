import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes } from '../../command/rules.js'
import { choice, jsonFlag, text, timeSpan, toggle } from '../../command/values.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { turnMode, type ModeOrder } from './mode-turn.js'

const yearSeconds = 365 * 86_400

/** How `mode` is called. */
export const modeSpec = commandSpec({
  description:
    'Turn orchestration mode on or off: while it is on, hosts must delegate every step in this project',
  words: { state: choice(['on', 'off', 'status'], 'What to do').default('status') },
  flags: {
    project: text('folder', 'Folder of the project (default: the current folder)').exactOptional(),
    expire: timeSpan('With on: turn it off after this time, as in 90m, 8h or 7d, at most 365d')
      .refine((seconds) => seconds > 0 && seconds <= yearSeconds, 'takes a time above 0 and up to 365d')
      .exactOptional(),
    all: toggle('With status: list every project in which it is on'),
    json: jsonFlag,
  },
  rules: [excludes('all', ['project'])],
  check: ({ state, expire, all }) => {
    if (expire !== undefined && state !== 'on') return '--expire needs on'
    return all && state !== 'status' ? '--all needs status' : undefined
  },
})

/** Turns orchestration mode on or off. */
export const mode = defineCommand(modeSpec, (args) =>
  withTerminal((terminal) => turnMode(modeOrder(args), terminal)),
)

/** What the command line asks for. */
export function modeOrder({ state: word, expire, all, ...where }: ArgsOf<typeof modeSpec>): ModeOrder {
  if (word === 'on') return { word, ...where, ...(expire !== undefined && { expire }) }
  return word === 'off' ? { word, ...where } : { word, all, ...where }
}
