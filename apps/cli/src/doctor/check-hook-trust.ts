import {
  codexHooksFile,
  codexHooksReader,
  codexHookTrust,
  codexTrustFile,
  valueAt,
  type HookTrust,
} from '@subagent-mcp/installer'
import { realpathSync } from 'node:fs'
import { plural } from '../terminal/format.js'
import { fine, type Check, type Context, type Finding, type Trouble } from './check.js'
import { readHostFile } from './host-file.js'
import { setupAgain } from './setup-again.js'
import { wiringsOf, type HostWiring } from './wirings.js'

/** Whether Codex trusts our hooks: it passes by those that it does not, and says nothing. */
export const checkHookTrust: Check = {
  name: 'hook trust',
  run: (context) =>
    wiringsOf(context)
      .filter(({ host }) => host.id === 'codex')
      .flatMap((hostWiring) => look(hostWiring, context)),
}

function look(hostWiring: HostWiring, context: Context): Finding[] {
  const path = codexHooksFile(context.machine, hostWiring.wiring)
  const file = readHostFile({ path, ...codexHooksReader })
  if (file.type !== 'data') return []
  const states = trustStates(path, file.data, userConfig(context))
  const number = (wanted: TrustState) => states.filter((state) => state === wanted).length
  const trouble = [
    ...told(
      number('untrusted'),
      `of ours that it was not told to trust: ${path}`,
      // Who was told to leave it to the user does not do it later.
      hostWiring.trust ? setupAgain(hostWiring, context) : byHand,
    ),
    ...told(number('other'), `of ours that it trusts only as they were: ${path}`, byHand),
    ...told(number('disabled'), `of ours, as somebody turned them off: ${path}`, byHand),
  ]
  if (states.length === 0 || trouble.length > 0) return trouble
  return [fine(`Codex trusts our ${plural(states.length, 'hook')}: ${path}`)]
}

const byHand = { mend: 'codex, and in it /hooks' }

function told(number: number, which: string, mending: Pick<Trouble, 'mend' | 'fix'>): Finding[] {
  if (number === 0) return []
  return [{ severity: 'warning', what: `Codex passes by ${plural(number, 'hook')} ${which}`, ...mending }]
}

/** A project's hooks are trusted in the user's file as well. */
function userConfig({ machine }: Context): unknown {
  const file = readHostFile({ path: codexTrustFile(machine), format: 'toml' })
  return file.type === 'data' ? file.data : undefined
}

/** `other`: what is on record is trust in something else that stood there. */
type TrustState = 'trusted' | 'untrusted' | 'other' | 'disabled'

/** Of each hook of ours. Codex names a file by its real path where `CODEX_HOME` is set, and else as it is. */
function trustStates(path: string, data: unknown, config: unknown): TrustState[] {
  const byRealPath = codexHookTrust(realpathSync(path), data)
  return codexHookTrust(path, data).map((hook, index) => {
    const state = stateOf(hook, config)
    const other = byRealPath[index]
    return state === 'untrusted' && other !== undefined ? stateOf(other, config) : state
  })
}

function stateOf({ key, hash }: HookTrust, config: unknown): TrustState {
  const state = valueAt(config, ['hooks', 'state', key])
  if (valueAt(state, ['enabled']) === false) return 'disabled'
  const trusted = valueAt(state, ['trusted_hash'])
  if (trusted === hash) return 'trusted'
  return trusted === undefined ? 'untrusted' : 'other'
}
