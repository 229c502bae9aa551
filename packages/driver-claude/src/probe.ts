import { type Clock, parseJson, type Probe } from '@subagent-mcp/contract'
import {
  childEnvironment,
  runBriefly,
  type Environment,
  type Ran,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import { classifyExit } from './classify.js'
import { locateClaude } from './locate.js'

/** What is asked of the machine. */
export type ProbeOptions = {
  environment: Environment
  watchdog: Watchdog
  clock: Clock
  deadlineMs: number
}

/** Looks at what is installed by two calls that cost nothing and need no network. Never throws. */
export async function probe(options: ProbeOptions): Promise<Probe> {
  const found = locateClaude(options.environment)
  if ('failure' in found) return { installed: false, failure: found.failure }
  const { command } = found
  const environment = childEnvironment(options.environment, {
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  })
  const run = (args: readonly string[]) => runBriefly({ ...options, command, args, environment })
  const [version, signIn] = await Promise.all([run(['--version']), run(['auth', 'status', '--json'])])
  if (version.exit.code !== 0) return { installed: false, failure: classifyExit(version.exit) }
  return {
    installed: true,
    executable: command,
    version: /\d+\.\d+\S*/.exec(version.output)?.[0] ?? 'unknown',
    signedIn: signedIn(signIn),
  }
}

const SignIn = z.looseObject({ loggedIn: z.boolean() })

function signedIn({ output }: Ran): 'yes' | 'no' | 'unknown' {
  const status = SignIn.safeParse(parseJson(output))
  if (!status.success) return 'unknown'
  return status.data.loggedIn ? 'yes' : 'no'
}
