import { openMemoryUsageTable, openSearchIndex, type SearchIndex } from '@subagent-mcp/journal'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBareDatabase } from '../bare-database.js'
import { quantile, type Figure } from '../figure.js'
import { millisecondsOf } from '../timed.js'

const passages = 100_000
const page = 500
const wordsOfPassage = 80
const agents = 200
const rounds = 21
const usedAgents = 10_000

const manyBeginnings = 'the beginning of 1,333 words'

/** A vocabulary in which, as in texts, few words are most of them. */
const vocabulary = Array.from({ length: 20_000 }, (_, index) => `word${index.toString(36)}`)

/** Searches of 100,000 passages, reading them into the index, and sums of the usage of 10,000 agents. */
export async function searchTime(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'search-time-'))
  const index = openSearchIndex(join(folder, 'search.db'))
  try {
    const reading = fill(index)
    const bare = fillBare(join(folder, 'bare.db'))
    return [
      {
        ...{ name: 'search: a passage read into the index', unit: 'µs', n: passages, ours: reading },
        floor: { name: 'a bare insert into FTS5', value: bare },
        limit: { type: 'ratio', most: 2 },
      },
      ...(await searches(index)),
      ...(await usageSums()),
    ]
  } finally {
    index.close()
    rmSync(folder, { recursive: true })
  }
}

async function searches(index: SearchIndex): Promise<Figure[]> {
  const word = (text: string, isPrefix = false) => ({ text, isPrefix })
  const queries = {
    'a frequent word': { words: [word('word0')] },
    'a rare word': { words: [word('wordf5c')] },
    'two frequent words in a row': { words: [word('word0 word1')] },
    'the beginning of 37 words': { words: [word('word1a', true)] },
    [manyBeginnings]: { words: [word('word1', true)] },
    'three words of one agent': { words: [word('word0'), word('word1'), word('word2')], agent: 'agent-7' },
    'a word that is nowhere': { words: [word('nowhere')] },
    'a frequent word, of the last hundredth': { words: [word('word0')], since: passages * 0.99 },
  }
  const figures: Figure[] = []
  for (const [name, query] of Object.entries(queries)) {
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1)
      times.push(await millisecondsOf(() => Promise.resolve(index.find({ ...query, limit: 20 }))))
    figures.push({
      ...{ name: `search of ${passages} passages: ${name}`, unit: 'ms', n: rounds, ours: quantile(times) },
      // Its list of passages is merged from those of all its words.
      ...(name !== manyBeginnings && { limit: { type: 'amount' as const, most: 50 } }),
    })
  }
  return figures
}

/** Microseconds for each passage. */
function fill(index: SearchIndex): number {
  index.readUpTo('facts', '')
  const known = Array.from({ length: agents }, (_, one) => ({
    id: `agent-${one}`,
    project: `/home/${one % 10}`,
  }))
  const times: number[] = []
  for (let after = 0; after < passages; after += page) {
    const batch = Array.from({ length: page }, (_, count) => {
      const seq = after + count + 1
      return { at: seq, kind: 'answer' as const, seq, source: `agent-${seq % agents}`, text: randomText() }
    })
    const added = { source: 'facts' as const, after, upTo: after + page, passages: batch, agents: known }
    const start = performance.now()
    index.add(added)
    times.push(performance.now() - start)
  }
  return (quantile(times) * 1_000) / page
}

function fillBare(path: string): number {
  const database = openBareDatabase(path)
  database.exec('CREATE VIRTUAL TABLE texts USING fts5(text)')
  const insert = database.prepare('INSERT INTO texts (text) VALUES (?)')
  const times: number[] = []
  for (let count = 0; count < passages / 5; count += page) {
    const texts = Array.from({ length: page }, randomText)
    const start = performance.now()
    database.exec('BEGIN')
    for (const text of texts) insert.run(text)
    database.exec('COMMIT')
    times.push(performance.now() - start)
  }
  database.close()
  return (quantile(times) * 1_000) / page
}

async function usageSums(): Promise<Figure[]> {
  const table = openMemoryUsageTable()
  const day = 86_400_000
  table.count(
    Array.from({ length: usedAgents }, (_, one) => ({
      ...{
        agentId: `agent-${one}`,
        launchedAt: one,
        project: `/home/${one % 50}`,
        definition: `d${one % 20}`,
      },
      turnsAfter: () =>
        Array.from({ length: 3 }, (_none, turn) => ({
          ...{ provider: `p${one % 3}`, account: `a${one % 5}`, model: `m${one % 7}` },
          startedAt: (one % 90) * day + turn,
          endedAt: (one % 90) * day + turn + 1_000,
          usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.01 },
        })),
    })),
  )
  const figures: Figure[] = []
  for (const by of ['provider', 'day', 'agent'] as const) {
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1)
      times.push(await millisecondsOf(() => Promise.resolve(table.sum({ by }))))
    figures.push({
      name: `usage of ${usedAgents} agents, by ${by}`,
      unit: 'ms',
      n: rounds,
      ours: quantile(times),
    })
  }
  table.close()
  return figures
}

function randomText(): string {
  return Array.from(
    { length: wordsOfPassage },
    () => vocabulary[Math.floor(vocabulary.length * Math.random() ** 3)] ?? '',
  ).join(' ')
}
