import { jsonFlag, booleanArgSchema } from '../../command/arg-schemas.js'
import { streamAddedLines, readFileWithSize } from '../../daemon/stream-added-lines.js'
import { getDaemonLogPath } from '../../daemon/daemon-paths.js'
import { exitCode } from '../../exit.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printLines, printResult } from '../../terminal/print.js'
import { formatSafeJson } from '../../terminal/text.js'
import { version } from '../../version.js'

const shown = 200

export const daemonLogsCommand = defineTerminalCommand(
  {
    description: "Print the newest 200 lines of the daemon's log file, to find the cause of a problem",
    examples: ['daemon logs', 'daemon logs --follow'],
    flags: {
      follow: booleanArgSchema('Also print lines that are added from now on, until Ctrl-C', 'f'),
      json: jsonFlag,
    },
  },
  async ({ json, follow }, terminal) => {
    const { environment, stdout } = terminal
    const path = getDaemonLogPath(environment, version)
    const whole = readFileWithSize(path)
    const lines = whole?.text.trimEnd().split('\n').slice(-shown) ?? []
    const print = (added: readonly string[]): Promise<void> =>
      printLines(stdout, json ? added.map((line) => formatSafeJson(splitTimedLogLine(line))) : added)
    if (json && follow) await print(lines)
    else {
      const text = whole ? lines.join('\n') : `there is no log yet: ${path}`
      await printResult(terminal, json, { text, data: { path, lines } })
    }
    return follow ? streamAddedLines(path, whole?.size ?? 0, print) : exitCode.done
  },
)

/** Splits a line of a log file into its time and its text. Lines that Node itself wrote, as at a crash, have no time. */
export function splitTimedLogLine(line: string): { at?: string; line: string } {
  const [, at, text] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? []
  return at === undefined || text === undefined ? { line } : { at, line: text }
}
