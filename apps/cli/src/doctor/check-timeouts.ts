import { valueAt } from '@subagent-mcp/installer'
import { fine, type Check, type Context, type Finding, type Trouble } from './check.js'
import { settingsOf } from './settings-of.js'
import { setupAgain } from './setup-again.js'
import { registrationsOf, type Registration } from './wirings.js'

/** Whether hosts let a `wait` take its 15 minutes. */
export const checkTimeouts: Check = {
  name: 'time-outs',
  run: (context) => {
    const registrations = registrationsOf(context).filter(({ entry }) => entry !== undefined)
    const looked = registrations.map((registration) => look(registration, context))
    const labelsOf = (wanted: Looked['type']) =>
      [...new Set(looked.flatMap(({ type, label }) => (type === wanted ? [label] : [])))].join(', ')
    const told = (labels: string, words: string): Finding[] =>
      labels === '' ? [] : [fine(`${words}: ${labels}`)]
    return [
      ...looked.flatMap((one) => (one.type === 'short' ? [one.trouble] : [])),
      ...told(labelsOf('long'), 'a wait may take its 15 minutes in'),
      ...told(labelsOf('bounded'), `calls end sooner (${nothingIsLost}) in`),
      ...told(labelsOf('unknown'), `how long a call may take is not known (${nothingIsLost}) of`),
    ]
  },
}

const nothingIsLost = 'agents and tasks go on, and the next wait has their results'

/** `bounded`: its host does not let a call take longer. */
type Looked = { label: string } & (
  | { type: 'long' | 'bounded' | 'unknown' }
  | { type: 'short'; trouble: Trouble }
)

/** What `wait` blocks for when nothing is said, in seconds. */
const longestWait = 900

function look(registration: Registration, context: Context): Looked {
  const { label, callLimit } = registration.host
  const limit = limitOf(registration, context)
  if (limit === undefined) return { label, type: 'unknown' }
  if (limit.seconds >= longestWait) return { label, type: 'long' }
  if (limit.seconds === callLimit?.longest) return { label, type: 'bounded' }
  return { label, type: 'short', trouble: tooShort(registration, limit) }
}

/** How long a host lets a call take, and how to have it wait longer. */
type Limit = { seconds: number } & Pick<Trouble, 'mend' | 'fix'>

function limitOf(registration: Registration, context: Context): Limit | undefined {
  const { host, entry } = registration
  if (host.callLimit === undefined) return undefined
  const { key, perSecond, default: seconds } = host.callLimit
  const set = Number(valueAt(entry, [key])) / perSecond
  if (Number.isFinite(set)) return { seconds: set, ...setupAgain(registration, context) }
  const forAll = host.id === 'claude' ? claudeLimit(registration, context) : undefined
  if (forAll !== undefined || seconds === undefined) return forAll
  return { seconds, ...setupAgain(registration, context) }
}

/** Claude Code has one for all servers too, in its settings (a project's outweighs the user's) or its environment. */
function claudeLimit(registration: Registration, context: Context): Limit | undefined {
  const places = [
    { value: context.environment[claudeVariable] || undefined, place: 'your environment' },
    ...settingsOf(registration, context, 'settings.json').map(({ path, data }) => ({
      value: valueAt(data, ['env', claudeVariable]),
      place: `"env" of ${path}`,
    })),
  ]
  const last = places.findLast(({ value }) => Number.isFinite(Number(value)))
  return last && { seconds: Number(last.value) / 1000, mend: `take ${claudeVariable} out of ${last.place}` }
}

const claudeVariable = 'MCP_TOOL_TIMEOUT'

function tooShort({ host, change }: Registration, { seconds, ...mending }: Limit): Trouble {
  const ends = `${host.label} ends a call after ${seconds} s, and wait takes up to ${longestWait} s`
  const what = `${ends} (${nothingIsLost}): ${change.path}`
  return { severity: 'warning', what, ...mending }
}
