import { getWorkerLogPath } from '@subagent-mcp/runtime/worker-files'
import { SubagentError } from '@subagent-mcp/contract'
import { textArgSchema, booleanArgSchema, integerArgSchema } from '../../command/arg-schemas.js'
import { streamAddedLines, readFileWithSize } from '../../daemon/stream-added-lines.js'
import { exitCode } from '../../exit.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printLines } from '../../terminal/print.js'
import { formatSafeJson, escapeForTerminal } from '../../terminal/text.js'
import { getWorkersFolder } from '../../worker/session-server.js'
import { splitTimedLogLine } from '../daemon/logs.js'

/** Prints the log of a worker; with `--follow` without end. @throws SubagentError `unknown-agent` */
export const workersLogsCommand = defineTerminalCommand(
  {
    description: 'Print the newest lines of the log of a worker, which has a line for each turn',
    examples: ['workers logs api', 'workers logs api --follow --lines 200'],
    words: {
      name: textArgSchema('name', 'Name of the worker, as subagent-mcp workers lists it', {
        names: 'workers',
      }),
    },
    flags: {
      follow: booleanArgSchema('Also print lines that are added from now on, until Ctrl-C', 'f'),
      lines: integerArgSchema({ most: 999_999 }, 'How many of the newest lines are printed').default(50),
      json: booleanArgSchema('Print each line of the log as JSON, for scripts'),
    },
  },
  async ({ name, follow, lines: count, json }, { environment, stdout }) => {
    const path = getWorkerLogPath(getWorkersFolder(environment), name)
    const whole = readFileWithSize(path)
    if (!whole && !follow) {
      const hint = 'subagent-mcp workers lists those that ran'
      throw new SubagentError('unknown-agent', `there is no log of a worker '${name}': ${path}`, { hint })
    }
    // The log file before the last rotation.
    const older = readFileWithSize(`${path}.1`)?.text ?? ''
    const all = `${older}${whole?.text ?? ''}`.trimEnd().split('\n')
    const print = (lines: readonly string[]): Promise<void> =>
      printLines(
        stdout,
        lines.map((line) => (json ? formatSafeJson(splitTimedLogLine(line)) : escapeForTerminal(line))),
      )
    await print(all.filter((line) => line !== '').slice(-count))
    return follow ? streamAddedLines(path, whole?.size ?? 0, print) : exitCode.done
  },
)
