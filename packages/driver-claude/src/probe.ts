import { parseJson, type CliStatus } from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  createCliExitFailure,
  mayFileContainText,
  locateCliExecutable,
  runTimedCommand,
  type CommandResult,
  type DriverSettings,
  type Environment,
} from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { claudeCli } from './claude-cli.js'
import { getClaudeConfigPaths } from './config-paths.js'

/** Returns the installed version, and whether `claude` is signed in. Runs two commands that need no network. Never throws. */
export async function probeClaude(settings: DriverSettings, caller: Environment): Promise<CliStatus> {
  const found = locateCliExecutable(claudeCli, caller)
  if ('failure' in found) return { installed: false, failure: found.failure }
  const { command } = found
  const environment = buildChildEnvironment(caller, {
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  })
  const run = (args: readonly string[]) => runTimedCommand({ ...settings, command, args, environment })
  const [version, signIn] = await Promise.all([run(['--version']), run(['auth', 'status', '--json'])])
  if (version.exit.code !== 0)
    return { installed: false, failure: createCliExitFailure(claudeCli, version.exit) }
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

/** Whether nothing on this machine can sign in: no variable, no account, no helper. False in doubt. */
export function isClaudeSignedOut(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): boolean {
  const files = getClaudeConfigPaths(environment)
  const mayBe = [
    Object.entries(environment).some(([name, value]) => value !== undefined && signInVariable.test(name)),
    existsSync(files.credentials),
    mayFileContainText(files.settings, /apiKeyHelper/),
    mayFileContainText(files.user, /primaryApiKey|oauthAccount/),
    // On macOS the account may be in the keychain. Managed settings may bring a sign-in of their own.
    platform === 'darwin' && existsSync(files.user),
    managedSettings.some((folder) => existsSync(folder)),
  ]
  return !mayBe.includes(true)
}

const signInVariable =
  /^(ANTHROPIC_(?!BASE_URL$|MODEL$)|CLAUDE_CODE_(USE_|OAUTH_|API_|HOST_AUTH_)|AWS_BEARER_)/

export const signInVariablePattern =
  /^(ANTHROPIC_(API_KEY|AUTH_TOKEN)|CLAUDE_CODE_(USE_|OAUTH_|API_|HOST_AUTH_).*|AWS_BEARER_.*)$/

const managedSettings = [
  '/etc/claude-code',
  '/Library/Application Support/ClaudeCode',
  'C:\\Program Files\\ClaudeCode',
]
