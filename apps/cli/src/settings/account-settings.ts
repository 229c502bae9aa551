import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resolveConfiguredPath } from './configured-path.js'

/** The providers whose CLIs keep an account in a folder that a variable names. Their ids stand for their default accounts. */
const providers = ['claude', 'codex', 'gemini'] as const

const Account = z.strictObject({
  provider: z.enum(providers).describe('The CLI of the account.'),
  folder: z
    .string()
    .min(1)
    .describe('The folder of the account: CLAUDE_CONFIG_DIR, CODEX_HOME or GEMINI_CLI_HOME of the CLI.'),
})

/** The user's accounts besides the default one of each CLI, by name. */
export const Accounts = z.record(z.string(), Account)
export type Accounts = z.infer<typeof Accounts>

export function resolveAccounts(accounts: Accounts, environment: NodeJS.ProcessEnv): Accounts {
  return Object.fromEntries(
    Object.entries(accounts).map(([name, { provider, folder }]) => [
      name,
      { provider, folder: resolveConfiguredPath(folder, environment) },
    ]),
  )
}

/** Returns the mistakes in the configured accounts, such as a folder that two accounts share. */
export function findAccountIssues(accounts: Accounts): { path: string[]; message: string }[] {
  const entries = Object.entries(accounts)
  return entries.flatMap(([name, { provider, folder }], at) => {
    if (!/^[\w.-]{1,40}$/.test(name))
      return [{ path: ['accounts', name], message: 'a name has letters, digits, dots and dashes' }]
    if (providers.some((id) => id === name))
      return [
        { path: ['accounts', name], message: `'${name}' stands for the default account: take another name` },
      ]
    const [twin] =
      entries
        .slice(0, at)
        .find(([, other]) => other.provider === provider && real(other.folder) === real(folder)) ?? []
    const message = `it has the folder of '${twin ?? ''}': accounts need folders of their own`
    return twin === undefined ? [] : [{ path: ['accounts', name, 'folder'], message }]
  })
}

/** Returns the files in which CLIs store the sign-in of accounts. Agents may not read them. */
export function listAccountSecretFiles(accounts: Accounts): string[] {
  const names = [
    'auth.json',
    '.credentials.json',
    '.claude.json',
    '.env',
    join('.gemini', 'oauth_creds.json'),
  ]
  return Object.values(accounts).flatMap(({ folder }) => names.map((name) => join(folder, name)))
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}
