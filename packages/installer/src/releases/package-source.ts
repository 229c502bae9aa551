import { version } from '../version.js'
import { askFor, cannotTell } from './ask-for.js'
import type { Program, Words } from './run-words.js'
import type { ReleaseSource } from './source.js'

/** In what managers of packages differ: their words, and where they put the program. */
export type PackageManager = {
  place: string
  view: Words
  add: Words
  program: (release: string) => Program
}

/** Releases of the registry, by their versions. */
export function packageSource({ place, view, add, program }: PackageManager): ReleaseSource {
  const asking: Words = [...view, name, 'version']
  const hint = `this needs a network; nothing was changed. Try: ${asking.join(' ')}`
  const install = (release: string): Words[] => [[...add, `${name}@${release}`]]
  return {
    place,
    asks: `the registry of ${view[0]}`,
    current: () => Promise.resolve(version),
    newer: async (run) => {
      const answer = await askFor(asking, hint, run)
      const [found] = /\d+\.\d+\.\d+\S*$/.exec(answer) ?? []
      if (found === undefined) throw cannotTell(`'${answer.slice(0, 200)}' is no version`, hint)
      return isNewer(found, version) ? found : undefined
    },
    install,
    goBack: install,
    program,
    isAnswer: (answer, release) => answer === release,
  }
}

const name = 'subagent-mcp'

/** By the order of semantic versions, as far as it is needed: a beta comes before its release. */
export function isNewer(version: string, other: string): boolean {
  const [core = '', beta = ''] = version.split(/-(.*)/)
  const [otherCore = '', otherBeta = ''] = other.split(/-(.*)/)
  const order = core.localeCompare(otherCore, 'en', { numeric: true })
  if (order !== 0 || beta === otherBeta) return order > 0
  if (beta === '' || otherBeta === '') return beta === ''
  return beta.localeCompare(otherBeta, 'en', { numeric: true }) > 0
}
