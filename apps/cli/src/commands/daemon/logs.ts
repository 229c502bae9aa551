import { defineCommand } from '../../command/define-command.js'
import { jsonFlag, toggle } from '../../command/values.js'
import { followFile, readWhole } from '../../daemon/follow-file.js'
import { logPath } from '../../daemon/run-folder.js'
import { exitCode } from '../../exit.js'
import { say } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { version } from '../../version.js'

/** Prints the log of the daemon. */
export const daemonLogs = defineCommand(
  {
    description: 'Print the newest 200 lines of the log',
    flags: {
      follow: toggle('Keep printing lines as they are added; with --json one object a line', 'f'),
      json: jsonFlag,
    },
  },
  ({ json, follow }) => withTerminal((terminal) => printLog({ json, follow }, terminal)),
)

const shown = 200

async function printLog(
  { json, follow }: { json: boolean; follow: boolean },
  terminal: Terminal,
): Promise<number> {
  const path = logPath(terminal.environment, version)
  const whole = readWhole(path)
  const lines = whole?.text.trimEnd().split('\n').slice(-shown) ?? []
  if (json && follow) await printEach(terminal, lines)
  else {
    const text = whole ? lines.join('\n') : `there is no log yet: ${path}`
    await say(terminal, json, { text, data: { path, lines } })
  }
  if (follow)
    await followFile(path, whole?.size ?? 0, (added) =>
      json ? printEach(terminal, added) : terminal.stdout.print(`${added.join('\n')}\n`),
    )
  return exitCode.done
}

/** A JSON object a line, with its time: what node says when it crashes has none. */
async function printEach({ stdout }: Terminal, lines: readonly string[]): Promise<void> {
  const objects = lines.map((line) => {
    const [, at, rest] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? []
    return at === undefined ? { line } : { at, line: rest }
  })
  if (objects.length > 0) await stdout.print(objects.map((each) => `${JSON.stringify(each)}\n`).join(''))
}
