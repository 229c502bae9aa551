import type { Probe } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { AppServer } from './app-server.js'
import { hasKey } from './sign-in.js'
import { AccountAnswer } from './wire.js'

/** What a running server says of itself and of the account. Never rejects. */
export async function probe(server: AppServer, environment: Environment): Promise<Probe> {
  const { executable, version } = server
  const answer = await server.request('account/read', {})
  const account = answer.type === 'result' ? AccountAnswer.safeParse(answer.result).data : undefined
  return { installed: true, executable, version, signedIn: signedIn(account, environment) }
}

type Account = { account?: unknown; requiresOpenaiAuth: boolean }

/** A provider of the user's own needs no account; whether its key is good shows in the first turn. */
function signedIn(account: Account | undefined, environment: Environment): 'yes' | 'no' | 'unknown' {
  if (account === undefined) return 'unknown'
  if (account.account !== undefined || !account.requiresOpenaiAuth) return 'yes'
  return hasKey(environment) ? 'unknown' : 'no'
}
