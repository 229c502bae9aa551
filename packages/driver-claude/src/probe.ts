import { parseJson, type CliStatus } from '@subagent-mcp/contract'
import {
  childEnvironment,
  cliExitFailure,
  locateCli,
  runTimedCommand,
  type CommandResult,
  type DriverSettings,
  type Environment,
} from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import { claudeCli } from './claude-cli.js'

/** Returns the installed version, and whether `claude` is signed in. Runs two commands that need no network. Never throws. */
export async function probeClaude(settings: DriverSettings, caller: Environment): Promise<CliStatus> {
  const found = locateCli(claudeCli, caller)
  if ('failure' in found) return { installed: false, failure: found.failure }
  const { command } = found
  const environment = childEnvironment(caller, {
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  })
  const run = (args: readonly string[]) => runTimedCommand({ ...settings, command, args, environment })
  const [version, signIn] = await Promise.all([run(['--version']), run(['auth', 'status', '--json'])])
  if (version.exit.code !== 0) return { installed: false, failure: cliExitFailure(claudeCli, version.exit) }
  return {
    installed: true,
    executable: command,
    version: /\d+\.\d+\S*/.exec(version.output)?.[0] ?? 'unknown',
    signedIn: signedIn(signIn),
  }
}

const SignIn = z.looseObject({ loggedIn: z.boolean() })

function signedIn({ output }: CommandResult): 'yes' | 'no' | 'unknown' {
  const status = SignIn.safeParse(parseJson(output))
  if (!status.success) return 'unknown'
  return status.data.loggedIn ? 'yes' : 'no'
}
