import type { DaemonClient } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectRunningDaemon } from '../daemon/connect-or-start-daemon.js'
import { getDaemonSocketPath } from '../daemon/daemon-paths.js'
import { exitCode, endProcess } from '../exit.js'
import type { CommandContext } from '../terminal/command-context.js'
import type { Terminal } from '../terminal/terminal.js'
import { version } from '../version.js'
import { buildCiAgentEnvironment, findReasonToSkipCiJob } from './ci-environment.js'
import { createCiReport } from './ci-report.js'

/**
 * Runs a command in a job of CI: with a daemon in this process and a state folder that is deleted afterwards, without a person, and
 * without the job's tokens in the environment of agents. Runs nothing for changes of a fork. Returns the exit code.
 */
export async function runCommandInCi(
  terminal: Terminal,
  { junit }: { junit?: string | undefined },
  use: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const file = junit === undefined ? undefined : resolve(terminal.cwd, junit)
  const ci = createCiReport({ junit: file, summary: terminal.environment['GITHUB_STEP_SUMMARY'] })
  try {
    const skipped = findReasonToSkipCiJob(terminal.environment)
    if (skipped === undefined) return await withOwnDaemon(terminal, (context) => use({ ...context, ci }))
    ci.nothing({ skipped })
    await terminal.stderr.print(`${skipped}\n`)
    return exitCode.done
  } catch (error) {
    if (error instanceof SubagentError) ci.nothing({ failure: error.message })
    throw error
  }
}

async function withOwnDaemon(
  terminal: Terminal,
  use: (context: CommandContext) => Promise<number>,
): Promise<number> {
  // The daemon's code is loaded here, because few commands run a daemon.
  const { runDaemonOfThisVersion } = await import('../daemon/run-daemon.js')
  const folder = makeStateFolder(terminal.environment)
  const environment = { ...buildCiAgentEnvironment(terminal.environment), SUBAGENT_MCP_HOME: folder }
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true })
  const daemon = runDaemonOfThisVersion(environment, { toFile: true, stays: false, isEmbedded: true })
  const startIsOver = onInterrupt(() => {
    removeFolder()
    endProcess(exitCode.interrupted)
  })
  try {
    const client = await Promise.race([clientOf(environment), daemon.then(failedStart)])
    startIsOver()
    try {
      return await use({ client, terminal: { ...terminal, environment, ask: undefined, onInterrupt } })
    } finally {
      // The daemon may have ended already, by a signal.
      await client.stop({ drain: false }).catch(() => undefined)
      await daemon
    }
  } finally {
    removeFolder()
  }
}

/** Creates a folder in the runner's folder for temporary files, or in a shorter one if the path of the socket would be too long there. */
function makeStateFolder({ RUNNER_TEMP: runner }: NodeJS.ProcessEnv): string {
  const parents = [...(runner === undefined ? [] : [runner]), tmpdir()]
  const fits = (parent: string): boolean => {
    try {
      return getDaemonSocketPath({ SUBAGENT_MCP_HOME: join(parent, 'subagent-XXXXXX') }, version) !== ''
    } catch {
      return false
    }
  }
  return mkdtempSync(join(parents.find(fits) ?? '/tmp', 'subagent-'))
}

function failedStart(): never {
  throw new SubagentError('daemon-failed', 'the daemon that this command started ended before it was ready')
}

const lookMs = 10

async function clientOf(environment: NodeJS.ProcessEnv): Promise<DaemonClient> {
  for (;;) {
    const client = await connectRunningDaemon(environment)
    if (client !== undefined) return client
    await delay(lookMs)
  }
}

/** Treats SIGTERM as Ctrl-C too, because a cancelled CI job gets SIGINT and, some seconds later, SIGTERM. */
const onInterrupt: Terminal['onInterrupt'] = (listener) => {
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
