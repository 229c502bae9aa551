import type { SearchQuery, SearchReport } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { JournaledFactReader, Supervisor } from '@subagent-mcp/core'
import type { SearchIndex, SearchWord } from '@subagent-mcp/journal'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { setImmediate } from 'node:timers/promises'
import type { RuntimeState } from '../state/runtime-state.js'
import { extractSearchTextsOfFact, extractSearchTextOfMessage } from './searched-texts.js'

type Parts = {
  supervisor: Supervisor
  state: Pick<RuntimeState, 'history' | 'hasAgent' | 'searchIndex'>
  mailbox: Pick<Mailbox, 'sent' | 'health'>
  log: (line: string) => void
}

/** Searches the texts of agents and of the mailbox. */
export type TextSearch = {
  /** Reads texts that are new since the last search, then searches. @throws SubagentError `invalid-parameter`, `io-failed` */
  search(request: SearchQuery): Promise<SearchReport>
  stop(): void
}

/** The most facts or messages that are read without letting other work in between. */
const pageSize = 200

/** Creates the text search. No text is read before the first search; after it, agents are removed from the index as soon as they are deleted. */
export function createTextSearch({ supervisor, state, mailbox, log }: Parts): TextSearch {
  const index = state.searchIndex
  let isTidy = false
  let forgetting = Promise.resolve()
  let reading: Promise<{ mailProblem?: string }> | undefined
  const forget = async (earlier: Promise<void>, agentIds: readonly string[]): Promise<void> => {
    await earlier
    try {
      for (const id of agentIds) {
        index().forget([id])
        await setImmediate()
      }
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      isTidy = false
      log(`deleted agents are still in the search: ${error.message}`)
    }
  }
  const readNew = async (): Promise<{ mailProblem?: string }> => {
    // Agents may have been deleted while no process took them out of the index.
    const gone = isTidy
      ? []
      : index()
          .agents()
          .filter((id) => !state.hasAgent(id))
    isTidy = true
    if (gone.length > 0) forgetting = forget(forgetting, gone)
    await forgetting
    await readFacts(index(), state.history)
    return readMail(index(), mailbox)
  }
  return {
    stop: supervisor.subscribe((fact) => {
      if (fact.type === 'agents-pruned') forgetting = forget(forgetting, fact.agentIds)
    }),
    search: async ({ text, limit = 20, ...where }) => {
      const words = readSearchWords(text)
      reading ??= readNew().finally(() => {
        reading = undefined
      })
      const mail = await reading
      const found = index().find({ ...where, words, limit: limit + 1 })
      return { passages: found.slice(0, limit), more: found.length > limit, ...mail }
    },
  }
}

async function readFacts(index: SearchIndex, history: JournaledFactReader): Promise<void> {
  const newest = history.lastSeq()
  // The numbers of a journal only grow, so this one is new: the earlier file was deleted.
  if (index.readUpTo('facts', '') > newest) index.clear()
  // Facts that are written during a search are left to the next one, because an agent may write faster than the search reads.
  for (;;) {
    const after = index.readUpTo('facts', '')
    const { facts, next } = history.read({ after, limit: pageSize })
    const upTo = next ?? Math.max(after, facts.at(-1)?.seq ?? 0)
    if (upTo === after) return
    index.add({
      ...{ source: 'facts', after, upTo },
      passages: facts.flatMap(({ fact, seq }) => extractSearchTextsOfFact(fact, seq)),
      agents: facts.flatMap(({ fact }) => (fact.type === 'launch-requested' ? [fact.profile] : [])),
    })
    if (next === undefined || next >= newest) return
    await setImmediate()
  }
}

/** Reads new messages into the index. If the mailbox cannot be reached, agents can still be searched. */
async function readMail(index: SearchIndex, mailbox: Parts['mailbox']): Promise<{ mailProblem?: string }> {
  try {
    await readNewMail(index, mailbox)
    return {}
  } catch (error) {
    if (error instanceof SubagentError && error.code === 'mailbox-unreachable')
      return { mailProblem: error.message }
    throw error
  }
}

async function readNewMail(index: SearchIndex, mailbox: Parts['mailbox']): Promise<void> {
  const { kind, where } = await mailbox.health()
  const place = `${kind} ${where}`
  const [oldest] = await mailbox.sent({ limit: 1 })
  for (;;) {
    const after = index.readUpTo('mail', place)
    const messages = await mailbox.sent({ after, limit: pageSize })
    const upTo = messages.at(-1)?.seq
    if (upTo === undefined) break
    index.add({
      source: 'mail',
      after,
      upTo,
      passages: messages.flatMap(extractSearchTextOfMessage),
      agents: [],
    })
  }
  index.forgetMail(oldest?.seq ?? 0)
}

/**
 * Reads what a person searches: words, `"several words in a row"`, and the beginning of a word as `begin*`.
 * @throws SubagentError `invalid-parameter` for a text without a letter or digit
 */
function readSearchWords(text: string): readonly SearchWord[] {
  const words = [...text.matchAll(/"([^"]*)"(\*?)|([^\s"]+)/g)].flatMap(([, phrase, star, word = '']) =>
    phrase === undefined
      ? wordOf(word.replace(/\*+$/, ''), word.endsWith('*'))
      : wordOf(phrase, star === '*'),
  )
  if (words.length > 0) return words
  throw new SubagentError('invalid-parameter', `text: '${text}' has no word to search for`, {
    hint: 'give words with letters or digits; "several words" in a row; the beginning of a word as begin*',
  })
}

function wordOf(text: string, isPrefix: boolean): SearchWord[] {
  return /[\p{L}\p{N}]/u.test(text) ? [{ text, isPrefix }] : []
}
