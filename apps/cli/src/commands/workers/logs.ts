import { SubagentError } from '@subagent-mcp/contract'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle, wholeNumber } from '../../command/values.js'
import { followFile, readWhole } from '../../daemon/follow-file.js'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { jsonText } from '../../terminal/json-text.js'
import { plainText } from '../../terminal/text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { workerLogPath } from '../../worker/worker-log.js'

/** How `workers logs` is called. */
export const workersLogsSpec = commandSpec({
  description: 'Print the newest lines of a log: one line for each turn',
  words: { name: text('name', 'Name of the worker, as subagent-mcp workers lists it') },
  flags: {
    follow: toggle('Keep printing lines as they are added', 'f'),
    lines: wholeNumber({ most: 999_999 }, 'Print this many lines').default(50),
    json: toggle('Print one JSON object a line'),
  },
})

/** Prints the log of a worker. */
export const workersLogs = defineCommand(workersLogsSpec, (args) =>
  withTerminal((terminal) => showLog(args, terminal)),
)

/** Prints the log of a worker; with `follow` for ever. @throws SubagentError `unknown-agent` */
export async function showLog(args: ArgsOf<typeof workersLogsSpec>, terminal: Terminal): Promise<number> {
  const { name, follow, lines: count } = args
  const path = workerLogPath(homeFolder(terminal.environment), name)
  const whole = readWhole(path)
  if (!whole && !follow) {
    const hint = 'subagent-mcp workers lists those that ran'
    throw new SubagentError('unknown-agent', `there is no log of a worker '${name}': ${path}`, { hint })
  }
  // What was put away when the file was full belongs before it.
  const older = readWhole(`${path}.1`)?.text ?? ''
  const all = `${older}${whole?.text ?? ''}`.trimEnd().split('\n')
  const print = printer(args, terminal)
  await print(all.filter((line) => line !== '').slice(-count))
  return follow ? followFile(path, whole?.size ?? 0, print) : exitCode.done
}

function printer({ json }: { json: boolean }, { stdout }: Terminal) {
  return async (lines: readonly string[]): Promise<void> => {
    const texts = lines.map((line) => (json ? asJson(line) : plainText(line)))
    await stdout.print(texts.map((text) => `${text}\n`).join(''))
  }
}

function asJson(line: string): string {
  const [, at, rest] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? []
  return jsonText(at === undefined ? { line } : { at, line: rest })
}
