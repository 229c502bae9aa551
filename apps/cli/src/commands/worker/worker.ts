import { watchStopRequests } from '@subagent-mcp/daemon'
import { selectDefinedVariables } from '@subagent-mcp/contract'
import { connectLastingDaemon } from '../../daemon/connect-or-start-daemon.js'
import { readUserConfig } from '../../settings/config.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { askYesNo } from '../../terminal/input.js'
import { printResult } from '../../terminal/print.js'
import { formatShortPath } from '../../terminal/format.js'
import type { Terminal } from '../../terminal/terminal.js'
import { printWorker } from './print-worker.js'
import { runWorkerHere } from './run-worker.js'
import {
  createWorkerSettings,
  workerCommandSpec,
  type NamedWorkerSettings,
  type WorkerArgs,
} from './worker-args.js'

/** Runs a worker in this folder until it is stopped; with `--detach` the daemon keeps it, with `--print` nothing runs. */
export const workerCommand = defineTerminalCommand(workerCommandSpec, async (args, terminal) => {
  const settings = createWorkerSettings(args, terminal.cwd)
  if (args.print) return printWorker(settings, args.json, terminal)
  if (await mayReadFolder(args, terminal)) settings.readFolder = true
  if (args.detach) return detach(settings, args.json, terminal)
  const { once, json } = args
  return runWorkerHere({ settings, once, json }, { terminal, stops: watchStopRequests() })
})

/**
 * Asks the person at the terminal whether the worker may read its folder. Asks only where the answer can be yes: with the default list
 * of tools, for a CLI that is known, and with a mailbox to which no other machine can write.
 */
async function mayReadFolder(args: WorkerArgs, terminal: Terminal): Promise<boolean> {
  const { readFolder, noReadFolder, allowedTools, permissionMode, provider, agent } = args
  if (readFolder || noReadFolder || !terminal.ask) return false
  const isLocked = allowedTools === undefined && permissionMode === 'dontAsk'
  const isKnown = provider !== undefined || agent !== undefined
  if (!isLocked || !isKnown || readUserConfig(terminal.environment).mailbox.url !== undefined) return false
  const folder = formatShortPath(terminal.cwd, terminal.home)
  return askYesNo(terminal, `May the worker read the files in ${folder}?`, '--read-folder')
}

/** Starts a worker that the daemon keeps. */
async function detach(settings: NamedWorkerSettings, json: boolean, terminal: Terminal): Promise<number> {
  const { environment, cwd } = terminal
  const client = await connectLastingDaemon(environment)
  const worker = await client.keepWorker({
    ...settings,
    ...{ folder: cwd, environment: selectDefinedVariables(environment), pid: process.pid },
  })
  const text = `worker ${worker.name} runs in ${cwd}; to end it: subagent-mcp workers stop ${worker.name}`
  return printResult(terminal, json, { text, data: worker })
}
