import { SubagentError } from '@subagent-mcp/contract'
import { version } from '../version.js'
import type { ReleaseSource } from './release-source.js'
import type { Runner, Words } from './run-words.js'

/** The release that runs, and the newest one if it is newer. */
export type Releases = { current: string; newer: string | undefined }

/** Asks where this program comes from. @throws SubagentError that says why it cannot be asked, as without a network */
export async function askReleases(source: ReleaseSource, run: Runner): Promise<Releases> {
  const current = source.current ? await ask(source.current, run) : version
  let newest = ''
  for (const words of source.newest) newest = await ask(words, run)
  if (!source.isVersion) return { current, newer: newest || undefined }
  const [found] = /\d+\.\d+\.\d+\S*$/.exec(newest) ?? []
  if (found === undefined) throw unknown(`'${newest.slice(0, 200)}' is no version`, source.newest)
  return { current, newer: isNewer(found, current) ? found : undefined }

  async function ask(words: Words, runner: Runner): Promise<string> {
    try {
      return (await runner({ words, seconds: 60 })).trim()
    } catch (cause) {
      if (cause instanceof SubagentError && cause.code === 'io-failed')
        throw unknown(cause.message, source.newest)
      throw cause
    }
  }
}

function unknown(why: string, commands: readonly Words[]): SubagentError {
  const typed = commands.map((words) => words.join(' ')).join(' && ')
  return new SubagentError('io-failed', `the newest release cannot be told: ${why}`, {
    hint: `this needs a network; nothing was changed. Try: ${typed}`,
  })
}

/** By the order of semantic versions, as far as it is needed: a beta comes before its release. */
export function isNewer(version: string, other: string): boolean {
  const [core = '', beta = ''] = version.split(/-(.*)/)
  const [otherCore = '', otherBeta = ''] = other.split(/-(.*)/)
  const order = core.localeCompare(otherCore, 'en', { numeric: true })
  if (order !== 0 || beta === otherBeta) return order > 0
  if (beta === '' || otherBeta === '') return beta === ''
  return beta.localeCompare(otherBeta, 'en', { numeric: true }) > 0
}
