import { selectDefinedVariables, systemClock } from '@subagent-mcp/contract'
import { createWatchdog, startRpcProcess, type RpcProcess } from '@subagent-mcp/driver-kit'
import type { CodexHookTrust } from './hook-trust.js'
import { isOurItem } from '../edit/our-items.js'
import { codexHooksFilePath } from '../hosts/codex.js'
import { createHookMark } from '../hosts/hook-command.js'
import type { HostMachine, HostSetup } from '../hosts/host.js'
import { isSameFile } from '../file/read-text.js'
import { z } from 'zod'

/** Codex's own answer about the trust in our hooks. `unlisted`: Codex does not read the file that contains them. */
export type CodexTrustAnswer =
  | { type: 'trusted' | 'unlisted' | 'not-installed' }
  | { type: 'untrusted'; trusts: readonly CodexHookTrust[] }
  | { type: 'unknown'; why: string }

/** Asks Codex, by `hooks/list` of its app-server, whether it would run our hooks. This takes about two seconds. */
export async function askCodexForTrust(machine: HostMachine, wiring: HostSetup): Promise<CodexTrustAnswer> {
  const { environment, home } = machine
  const command = machine.executable('codex')
  if (command === undefined) return { type: 'not-installed' }
  const cwd = wiring.scope === 'project' ? wiring.project : home
  const listed = await listHooks({ command, environment: selectDefinedVariables(environment), cwd })
  if (typeof listed === 'string') return { type: 'unknown', why: listed }
  const file = codexHooksFilePath(machine, wiring)
  const ours = listed.filter(
    ({ command: line, sourcePath }) =>
      isOurItem(line, createHookMark('codex')) && isSameFile(sourcePath, file),
  )
  if (ours.length === 0) return { type: 'unlisted' }
  const doubted = ours.filter(({ trustStatus }) => trustStatus !== 'trusted' && trustStatus !== 'managed')
  if (doubted.length === 0) return { type: 'trusted' }
  return { type: 'untrusted', trusts: doubted.map(({ key, currentHash: hash }) => ({ key, hash })) }
}

const Hook = z.looseObject({
  key: z.string(),
  command: z.string().nullish(),
  sourcePath: z.string(),
  currentHash: z.string(),
  trustStatus: z.string(),
})
const HooksAnswer = z.looseObject({ data: z.array(z.looseObject({ hooks: z.array(Hook) })) })

/** Returns the hooks that Codex reads in a folder, or why it cannot be asked. */
async function listHooks(start: {
  command: string
  environment: Record<string, string>
  cwd: string
}): Promise<z.infer<typeof Hook>[] | string> {
  const watchdog = createWatchdog()
  const server = startRpcProcess({
    ...start,
    args: ['app-server'],
    cli: { label: 'codex', command: 'codex', installHint: '', signInHint: '' },
    watchdog,
    clock: systemClock,
    onRequest: () => 'unknown',
    onNotification: () => undefined,
  })
  try {
    const clientInfo = { name: 'subagent-mcp', title: null, version: '0' }
    const greeted = await server.request('initialize', { clientInfo }, deadlineMs)
    if (greeted.type !== 'result') return await whyNot(greeted, server)
    server.notify('initialized')
    const answer = await server.request('hooks/list', { cwds: [start.cwd] }, deadlineMs)
    if (answer.type !== 'result') return await whyNot(answer, server)
    const hooks = HooksAnswer.safeParse(answer.result).data
    return hooks?.data.flatMap((folder) => folder.hooks) ?? 'it gave no answer that can be read'
  } finally {
    await server.stop('graceful')
    await watchdog.close()
  }
}

const deadlineMs = 20_000

type NoResult = Exclude<Awaited<ReturnType<RpcProcess['request']>>, { type: 'result' }>

async function whyNot(answer: NoResult, server: RpcProcess): Promise<string> {
  if (answer.type === 'error') return answer.message
  if (answer.type === 'timed-out') return `it did not answer within ${deadlineMs / 1000} s`
  return (await server.gone)?.message ?? 'it ended'
}
