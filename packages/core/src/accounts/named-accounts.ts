import {
  omitUndefined,
  SubagentError,
  type Driver,
  type Failure,
  type SessionSpec,
} from '@subagent-mcp/contract'
import { resolve } from 'node:path'

/** An account of the user besides the one that a provider's CLI uses by default. */
export type NamedAccount = {
  provider: string
  /** The absolute path of the folder in which the CLI keeps the sign-in and settings of this account. */
  folder: string
}

/** The user's accounts by name, and the drivers, which know how each CLI is told to use an account. */
export type AccountsAndDrivers = {
  accounts: Readonly<Record<string, NamedAccount>>
  drivers: ReadonlyMap<string, Driver>
}

type Environment = SessionSpec['environment']

/** An account that agents use, in budgets and limits: `name` is the provider's id for the default account. */
export type AccountReference = { provider: string; name: string }

/** The account that an agent uses on a provider. */
export function findAgentAccount(
  { accounts }: { accounts?: Readonly<Record<string, string>> },
  provider: string,
): AccountReference {
  return { provider, name: accounts?.[provider] ?? provider }
}

/** Names an account in a text: `claude`, or `account 'work' of claude`. */
export function describeAccount({ provider, name }: AccountReference): string {
  return name === provider ? provider : `account '${name}' of ${provider}`
}

/** Returns the account of a name. @throws SubagentError `invalid-parameter` that lists the names */
export function findAccount({ accounts, drivers }: AccountsAndDrivers, name: string): NamedAccount {
  const account = Object.hasOwn(accounts, name) ? accounts[name] : undefined
  if (account && drivers.get(account.provider)?.account) return account
  const names = Object.keys(accounts).join(', ')
  throw new SubagentError('invalid-parameter', `no account '${name}'`, {
    hint:
      names === '' ? 'name accounts in config.jsonc, as docs/configuration.md shows' : `use one of ${names}`,
  })
}

/**
 * Returns the provider to which a launch on a named account is bound: that of the account, unless the caller prefers one and leaves
 * the others open. @throws SubagentError `invalid-parameter` for an account of another provider
 */
export function findAccountProvider(
  parts: AccountsAndDrivers,
  { account, provider, prefer }: { account?: string; provider?: string; prefer?: string },
): string | undefined {
  if (account === undefined) return provider
  const found = findAccount(parts, account)
  if (provider !== undefined && provider !== found.provider)
    throw createAccountProviderMismatchError(account, found, provider)
  return prefer === undefined ? found.provider : provider
}

export function createAccountProviderMismatchError(
  account: string,
  { provider }: NamedAccount,
  asked: string,
): SubagentError {
  return new SubagentError(
    'invalid-parameter',
    `account '${account}' belongs to ${provider}, not to ${asked}`,
    {
      hint: `leave account out, or launch ${provider}`,
    },
  )
}

/**
 * Chooses the named accounts of a launch, by provider: the wanted one; otherwise the one whose folder the caller's environment
 * selects, as in a host that runs on that account; otherwise that of the agent which launches.
 * @throws SubagentError `invalid-parameter` for an unknown name
 */
export function chooseAccountsByProvider(
  parts: AccountsAndDrivers,
  { environment, wanted, inherited }: NamedAccountChoice,
): { accounts?: Readonly<Record<string, string>> } {
  const ofEnvironment = Object.entries(parts.accounts).flatMap(([name, { provider, folder }]) => {
    const variable = parts.drivers.get(provider)?.account?.variable
    const chosen = variable === undefined ? undefined : environment[variable]
    return chosen && resolve(chosen) === folder ? [[provider, name] as const] : []
  })
  const named = wanted === undefined ? [] : [[findAccount(parts, wanted).provider, wanted] as const]
  const chosen = [...ofEnvironment, ...named]
  const accounts = { ...inherited, ...Object.fromEntries(chosen) }
  return Object.keys(accounts).length === 0 ? {} : { accounts }
}

/** The account that a launch names, and the accounts that apply if it names none. */
export type NamedAccountChoice = {
  environment: Environment
  wanted?: string
  inherited?: Readonly<Record<string, string>>
}

/**
 * Returns the environment in which a provider's CLI uses an account: the caller's, with the folder of a named account and without the
 * keys and tokens that would sign in as somebody else. @throws SubagentError `invalid-parameter` for a name that is not configured any more
 */
export function createAccountEnvironment(
  parts: AccountsAndDrivers,
  environment: Environment,
  { provider, name }: AccountReference,
): Environment {
  if (name === provider) return environment
  const { folder } = findAccount(parts, name)
  const { account } = parts.drivers.get(provider) ?? {}
  if (!account) return environment
  const kept = Object.entries(environment).filter(([variable]) => !account.signIn.test(variable))
  return { ...Object.fromEntries(kept), [account.variable]: folder }
}

/** Returns why an account cannot be used, as far as it is known without a start of the CLI. For a named one it says how to sign in. */
export function explainUnusableAccount(
  parts: AccountsAndDrivers,
  environment: Environment,
  used: AccountReference,
): Failure | undefined {
  const driver = parts.drivers.get(used.provider)
  const failure = driver?.preflight(createAccountEnvironment(parts, environment, used))
  if (failure?.reason !== 'not-signed-in' || used.name === used.provider) return failure
  const { folder } = findAccount(parts, used.name)
  return {
    reason: 'not-signed-in',
    message: `${describeAccount(used)} is not signed in`,
    ...omitUndefined({
      hint: driver?.account && `sign in once: ${driver.account.variable}=${folder} ${used.provider}`,
    }),
  }
}
