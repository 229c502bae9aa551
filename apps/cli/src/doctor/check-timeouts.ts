import { valueAt, type HostId } from '@subagent-mcp/installer'
import { fine, type Check, type Context, type Finding, type Trouble } from './check.js'
import { readHostFile } from './host-file.js'
import { setupAgain } from './setup-again.js'
import { registrationsOf, type Registration } from './wirings.js'

/** Whether hosts let a `wait` take its 15 minutes. */
export const checkTimeouts: Check = {
  name: 'time-outs',
  run: (context) => {
    const registrations = registrationsOf(context).filter(({ entry }) => entry !== undefined)
    const troubles = registrations.flatMap((registration): Finding[] => {
      const limit = limitOf(registration, context)
      return limit === undefined || limit.seconds >= longestWait ? [] : [tooShort(registration, limit)]
    })
    if (registrations.length === 0 || troubles.length > 0) return troubles
    return [fine('no host ends a wait before its 15 minutes')]
  },
}

/** What `wait` blocks for when nothing is said, in seconds. */
const longestWait = 900

/** How long a host lets a call take, and how to have it wait longer. */
type Limit = { seconds: number } & Pick<Trouble, 'mend' | 'fix'>

/** In which key of an entry a host looks, in which part of a second, and what holds without it (seconds). */
const limits: Partial<Record<HostId, { key: string; perSecond: number; usual?: number }>> = {
  claude: { key: 'timeout', perSecond: 1000 },
  codex: { key: 'tool_timeout_sec', perSecond: 1, usual: 300 },
  gemini: { key: 'timeout', perSecond: 1000, usual: 600 },
}

function limitOf(registration: Registration, context: Context): Limit | undefined {
  const { host, entry } = registration
  const known = limits[host.id]
  if (known === undefined) return undefined
  const { key, perSecond, usual } = known
  const set = Number(valueAt(entry, [key]))
  const seconds = Number.isFinite(set) ? set / perSecond : usual
  if (seconds !== undefined) return { seconds, ...setupAgain(registration, context) }
  return host.id === 'claude' ? claudeLimit(registration, context) : undefined
}

/** Claude Code has one for all servers too, in its settings or in its environment. */
function claudeLimit({ host, wiring }: Registration, { machine, environment }: Context): Limit | undefined {
  const settings = host.changes(machine, wiring).find(({ path }) => path.endsWith('settings.json'))
  const file = settings && readHostFile(settings)
  const inSettings = file?.type === 'data' ? valueAt(file.data, ['env', claudeVariable]) : undefined
  const seconds = Number(inSettings ?? (environment[claudeVariable] || undefined)) / 1000
  if (!Number.isFinite(seconds)) return undefined
  const place = inSettings === undefined ? 'your environment' : `"env" of ${settings?.path ?? ''}`
  return { seconds, mend: `take ${claudeVariable} out of ${place}` }
}

const claudeVariable = 'MCP_TOOL_TIMEOUT'

function tooShort({ host, change }: Registration, { seconds, ...mending }: Limit): Finding {
  const what = `${host.label} ends a call after ${seconds} s, and wait takes up to ${longestWait} s: ${change.path}`
  return { severity: 'warning', what, ...mending }
}
