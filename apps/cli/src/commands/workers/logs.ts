import { SubagentError } from '@subagent-mcp/contract'
import { defineCommand } from 'citty'
import { followFile, readWhole } from '../../daemon/follow-file.js'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { jsonText } from '../../terminal/json-text.js'
import { plainText } from '../../terminal/plain-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { workerLogPath } from '../../worker/worker-log.js'
import { readWorkersLogsOrder, workersLogsFlags, type WorkersLogsOrder } from './workers-order.js'

/** Shows what a worker did. */
export const workersLogs = defineCommand({
  meta: { name: 'logs', description: 'Show the newest lines of its log: a line a turn' },
  args: { name: { type: 'positional', required: false, description: 'Which one' }, ...workersLogsFlags },
  run: async ({ rawArgs }) => {
    const order = readWorkersLogsOrder(rawArgs)
    await withTerminal((terminal) => showLog(order, terminal))
  },
})

/** Prints the log of a worker; with `follow` for ever. @throws SubagentError `unknown-agent` */
export async function showLog(order: WorkersLogsOrder, terminal: Terminal): Promise<number> {
  const { name, follow, lines: count } = order
  const path = workerLogPath(homeFolder(terminal.environment), name)
  const whole = readWhole(path)
  if (!whole && !follow) {
    const hint = 'subagent-mcp workers lists those that ran'
    throw new SubagentError('unknown-agent', `there is no log of a worker '${name}': ${path}`, { hint })
  }
  // What was put away when the file was full belongs before it.
  const older = readWhole(`${path}.1`)?.text ?? ''
  const all = `${older}${whole?.text ?? ''}`.trimEnd().split('\n')
  const print = printer(order, terminal)
  await print(all.filter((line) => line !== '').slice(-count))
  return follow ? followFile(path, whole?.size ?? 0, print) : exitCode.done
}

function printer({ json }: WorkersLogsOrder, { stdout }: Terminal) {
  return async (lines: readonly string[]): Promise<void> => {
    const texts = lines.map((line) => (json ? asJson(line) : plainText(line)))
    await stdout.print(texts.map((text) => `${text}\n`).join(''))
  }
}

function asJson(line: string): string {
  const [, at, rest] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? []
  return jsonText(at === undefined ? { line } : { at, line: rest })
}
