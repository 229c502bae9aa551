import { resolve } from 'node:path'
import { readUnattendedTimeLimit } from '../commands/agent/budget-flags.js'
import { connectOrStartDaemon } from '../daemon/connect-or-start-daemon.js'
import { exitCode } from '../exit.js'
import { signalTerminal } from '../notify/signal-terminal.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import type { CommandContext } from '../terminal/command-context.js'
import { runUntilCtrlC } from '../terminal/input.js'
import { describeTerminalCaller } from '../terminal/person.js'
import { formatShellCommand } from '../terminal/shell-quote.js'
import { openBatchRecord, type BatchRecord } from './batch-record.js'
import { preventComputerSleep } from './prevent-computer-sleep.js'
import { countBatchItems } from './batch-item-status.js'
import { createBatchPrinter, type BatchPrinter } from './print-batch.js'
import { readBatch, type LaunchBatch } from './read-batch.js'
import { runBatchItems } from './run-batch-items.js'

export type BatchOptions = {
  file: string
  limit: number
  json: boolean
  /** The batch lines that are launched again: none, those whose agent failed, or all. */
  again: 'none' | 'failed' | 'all'
  keepAwake: boolean
}

/** Runs the launches of a batch file, or continues them, and returns the exit code. @throws SubagentError */
export async function runBatch(options: BatchOptions, context: CommandContext): Promise<number> {
  const { terminal } = context
  const { cwd, environment } = terminal
  const batch = withTimeLimits(readBatch(resolve(cwd, options.file)), terminal)
  const printer = createBatchPrinter(terminal, options.json)
  const record = openBatchRecord({
    ...{ home: getStateFolderPath(environment), file: batch.path, cwd },
    restart: options.again === 'all',
  })
  let sleep = (): void => undefined
  try {
    if (options.again === 'failed') forgetFailed(batch, record)
    if (options.keepAwake)
      sleep = preventComputerSleep({
        environment,
        onLost: (why) => void printer.remark(`this computer may sleep: ${why}`),
      })
    return await runUntilCtrlC(terminal, (signal) =>
      work({ ...options, batch, record, printer, signal }, context),
    )
  } finally {
    sleep()
    record.close()
  }
}

/** Adds the configured time limit for work without a person to each launch of a batch, because nobody watches them all. */
function withTimeLimits({ lines, path }: LaunchBatch, terminal: CommandContext['terminal']): LaunchBatch {
  const limit = readUnattendedTimeLimit(terminal)
  const limited = lines.map(({ options, ...line }) => ({
    ...line,
    options: { ...options, budget: { ...limit, ...options.budget } },
  }))
  return { path, lines: limited }
}

function forgetFailed({ lines }: LaunchBatch, record: BatchRecord): void {
  for (const { key } of lines) {
    const { outcome, tries } = record.line(key)
    if (outcome !== undefined && outcome !== 'finished') record.note(key, { tries: tries + 1 })
  }
}

type Work = BatchOptions & {
  batch: LaunchBatch
  record: BatchRecord
  printer: BatchPrinter
  signal: AbortSignal
}

async function work(
  { batch, record, printer, limit, signal, file }: Work,
  { client: first, terminal }: CommandContext,
): Promise<number> {
  let client = first
  let reaching: Promise<void> | undefined
  const reach = async (): Promise<void> => {
    client = await connectOrStartDaemon(terminal.environment)
    reaching = undefined
  }
  const entries = await runBatchItems({
    ...{ batch, record, limit, signal, now: terminal.now },
    daemon: { client: () => client, again: () => (reaching ??= reach()) },
    caller: { environment: describeTerminalCaller('.', terminal).environment, pid: process.pid },
    onResult: printer.result,
    onProgress: printer.progress,
  })
  const counts = countBatchItems(entries.map(({ status }) => status))
  const again = formatShellCommand(['subagent-mcp', 'run', '--batch', file], process.platform)
  if (signal.aborted) {
    await printer.remark(`launched agents continue; to continue with the rest: ${again}`)
    return exitCode.interrupted
  }
  await printer.end(entries, counts, again)
  const isAsking = counts.asking > 0
  const text = isAsking ? 'an agent of a batch asks for permission' : 'a batch has ended'
  await signalTerminal(terminal, { event: isAsking ? 'asks' : 'ended', text })
  if (isAsking) return exitCode.permissionAsked
  return counts.failed > 0 ? exitCode.agentFailed : exitCode.done
}
