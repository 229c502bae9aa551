import { checkForLeaks } from '@subagent-mcp/testkit'
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { confirmDataLosses, readDataLosses, type DataLoss } from './data-losses.js'
import { damagedFactType } from './facts.js'
import { entry, factsIn, useJournals, useWriters } from './journals.test.support.js'
import { openSqliteStore } from './sqlite-store.js'

checkForLeaks()
const { open, path } = useJournals()
const start = useWriters()

/** The rounds of this random test: few in `npm test`, many in a soak. */
const rounds = process.env['SOAK'] === undefined ? 6 : 100

const agents = ['one', 'two', 'three']
const texts = (number: number) => ({
  ...entry(agents[number % 3] ?? '', number, 1_000 + number),
  body: { number, text: 'é'.repeat(number % 90) },
})

let copies = 0
/** The path of the damaged journal: a copy, because this process still has the original file mapped. */
let place = ''

/** Copies the journal's folder to a new one, where no process has had the journal open. */
function move(from = path()): void {
  copies += 1
  const folder = path(`copy-${copies}`)
  cpSync(dirname(from), folder, { recursive: true })
  place = join(folder, 'journal.db')
}

/** Opens a copy of the journal, as the next daemon does, and returns the reported losses and the facts. */
function next() {
  move(place)
  const losses: DataLoss[] = []
  const journal = open({
    path: place,
    onLoss: (loss) => losses.push(loss),
    isAlive: () => false,
    now: () => 5_000,
  })
  const entries = factsIn(journal.adopt().entries).filter(({ type }) => type !== damagedFactType)
  const result = { losses, numbers: entries.map(({ body }) => numberIn(body)), last: journal.lastSeq() }
  journal.close()
  return result
}

function numberIn(body: unknown): number {
  return typeof body === 'object' && body !== null && 'number' in body ? Number(body.number) : -1
}

describe('committed data that is gone is reported at the next start', () => {
  it('of a journal that is deleted, with the agents that were known', () => {
    const journal = open()
    journal.append([1, 2, 3].map(texts))
    journal.close()
    move()
    for (const suffix of ['', '-wal', '-shm']) rmSync(place + suffix, { force: true })
    const { losses, numbers, last } = next()
    expect(numbers).toEqual([])
    expect(losses).toMatchObject([{ found: 'it is gone', facts: 3, until: 1_003 }])
    expect(losses[0]?.agents.toSorted()).toEqual(agents.toSorted())
    // Told once, kept until somebody confirms it, and no number is used twice.
    expect(last).toBe(3)
    expect(next().losses).toEqual([])
    expect(readDataLosses(place)).toHaveLength(1)
    confirmDataLosses(place, 0)
    expect(readDataLosses(place)).toEqual([])
  })

  it('of a lost end, with a copy of what was found', () => {
    const journal = open()
    journal.append([texts(1), texts(2)])
    checkpoint()
    journal.append([texts(3), texts(4)])
    journal.close()
    move()
    writeFileSync(`${place}-wal`, '')
    for (const suffix of ['', '-wal', '-shm', '-journal']) writeFileSync(`${place}.salvaged${suffix}`, 'left')
    const { losses, numbers } = next()
    expect(numbers).toEqual([1, 2])
    expect(readdirSync(dirname(place)).filter((name) => name.includes('salvaged'))).toEqual([])
    expect(losses).toMatchObject([{ facts: 2, since: 1_002, until: 1_004 }])
    expect(losses[0]?.agents.toSorted()).toEqual(['one', 'two'])
    expect(existsSync(losses[0]?.aside ?? '')).toBe(true)
  })

  it('and what is damaged is set aside as it was, with all that can be read in a new file', () => {
    const journal = open()
    for (let number = 0; number < 1_500; number += 1) journal.append([texts(number)])
    checkpoint()
    journal.close()
    move()
    const file = openSync(place, 'r+')
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 20 * 4096)
    closeSync(file)
    const before = ['', '-wal'].map((suffix) => readFileSync(place + suffix))
    const { losses, numbers } = next()
    expect(numbers.length).toBeGreaterThan(1_400)
    expect(losses).toMatchObject([{ facts: 1_500 - numbers.length }])
    const aside = losses[0]?.aside ?? ''
    const kept = ['', '-wal'].map((suffix) => readFileSync(aside + suffix))
    expect(kept.map((bytes, index) => bytes.equals(before[index] ?? Buffer.alloc(0)))).toEqual([true, true])
    expect(next()).toMatchObject({ losses: [], numbers })
  })

  it('of a file that is none of ours, which is kept', () => {
    const text = 'something else of the user. '.repeat(1000)
    const file = path('home.db')
    writeFileSync(file, text)
    const losses: DataLoss[] = []
    open({ path: file, onLoss: (loss) => losses.push(loss) })
    expect(losses[0]?.found).toContain('file is not a database')
    expect(readFileSync(losses[0]?.aside ?? '', 'utf8')).toBe(text)
  })

  it('of one fact that is not what was written, when it is read', () => {
    const losses: DataLoss[] = []
    const journal = open({ onLoss: (loss) => losses.push(loss) })
    journal.append([1, 2, 3].map(texts))
    const store = openSqliteStore(path())
    store.write(() => store.run('UPDATE facts SET body = ? WHERE seq = 2', '{"number":7}'))
    store.close()
    expect(
      journal.read({}).map(({ type, body }) => (type === damagedFactType ? type : numberIn(body))),
    ).toEqual([1, damagedFactType, 3])
    expect(journal.read({ after: 1, limit: 1 })).toHaveLength(1)
    expect(losses).toMatchObject([{ facts: 1, found: 'fact 2 is not what was written' }])
    journal.close()
    move()
    expect(next()).toMatchObject({ numbers: [1, 3], losses: [{ facts: 1 }] })
  })

  it('and nothing is reported of agents that were forgotten, or of a mark that is gone', () => {
    const journal = open()
    journal.append([1, 2, 3].map(texts))
    journal.forget(['one', 'two'])
    expect(journal.trouble()).toBeUndefined()
    rmSync(path('home/journal.mark'))
    expect(journal.trouble()).toBeUndefined()
    journal.append([texts(6)])
    journal.close()
    move()
    expect(next()).toMatchObject({ losses: [], numbers: [2, 6] })
    writeFileSync(join(dirname(place), 'journal.mark'), 'x'.repeat(40_000))
    expect(next().losses).toEqual([])
  })

  it('and the owner learns of a file that is deleted or replaced under it', () => {
    for (const name of ['journal.db', 'journal.db-wal']) {
      const journal = open()
      journal.append([texts(1)])
      expect(journal.trouble()).toBeUndefined()
      copyFileSync(path(`home/${name}`), path('copy'))
      rmSync(path(`home/${name}`))
      expect(journal.trouble()).toBe(`${path(`home/${name}`)} is gone`)
      copyFileSync(path('copy'), path(`home/${name}`))
      expect(journal.trouble()).toBe(`${path(`home/${name}`)} was replaced`)
      journal.close()
    }
  })
})

describe('a mending that a crash interrupted', () => {
  it.each([
    ['before the damaged file was set aside', []],
    ['while it was', ['-wal']],
    ['before the mended one took its place', ['-wal', '-shm', '']],
  ])('continues at the next start, which tells the loss: %s', (_, moved) => {
    const journal = open()
    for (let number = 0; number < 1_500; number += 1) journal.append([texts(number)])
    checkpoint()
    journal.close()
    move()
    const file = openSync(place, 'r+')
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 20 * 4096)
    closeSync(file)
    const { losses, numbers } = next()
    const aside = losses[0]?.aside ?? ''
    expect(numbers.length).toBeGreaterThan(0)
    // The same moment, made by hand: the whole file waits beside the damaged one.
    for (const suffix of ['-wal', '-shm']) rmSync(place + suffix, { force: true })
    renameSync(place, `${aside}.mended`)
    for (const suffix of ['-wal', '-shm', ''])
      if (!moved.includes(suffix) && existsSync(aside + suffix)) renameSync(aside + suffix, place + suffix)
    const again = next()
    expect(again.numbers).toEqual(numbers)
    expect(again.losses).toEqual(losses)
    expect(next()).toMatchObject({ losses: [], numbers })
  })
})

describe('a journal that is damaged at random', () => {
  const ways = ['removed', 'zeroed', 'truncated', 'flipped', 'flipped', 'flipped'] as const
  const parts = ['', '', '-wal', '-wal', '-shm', 'both'] as const

  it('ends in all facts or in a word, never in silence', async () => {
    const counts = { whole: 0, told: 0, silent: 0 }
    for (let round = 0; round < rounds; round += 1) {
      place = path()
      rmSync(dirname(place), { recursive: true, force: true })
      const [way, part] = [
        ways[round % ways.length] ?? 'removed',
        parts[Math.floor(round / ways.length) % parts.length] ?? '',
      ]
      const where = part === 'both' ? ['', '-wal'] : [part]
      const isRunning = round % 2 === 1
      const seed = Math.floor(Math.random() * 2 ** 31)
      const expected = isRunning ? await damageRunning(where, way, seed) : damageStopped(where, way, seed)
      const { losses, numbers } = next()
      const missing = expected.filter((number) => !numbers.includes(number))
      const words = `round ${round}: ${part || 'journal'} ${way}, ${isRunning ? 'running' : 'stopped'}, seed ${seed}`
      expect(missing.length > 0 && losses.length === 0 ? missing : [], words).toEqual([])
      expect(new Set(numbers).size, words).toBe(numbers.length)
      // Whatever was found, the next start finds it in order.
      expect(next(), words).toMatchObject({ losses: [], numbers })
      counts[losses.length > 0 ? 'told' : 'whole'] += 1
    }
    process.stderr.write(`journal damaged ${rounds} times: ${JSON.stringify(counts)}\n`)
  })

  function damageStopped(where: readonly string[], way: string, seed: number): number[] {
    const journal = open()
    const numbers = Array.from({ length: 60 + (seed % 200) }, (_, number) => number)
    for (const [index, number] of numbers.entries()) {
      journal.append([texts(number)])
      if (index === numbers.length >> 1) checkpoint()
    }
    journal.close()
    move()
    for (const suffix of where) damage(place + suffix, way, seed)
    return numbers
  }

  /** The writer is killed once the file under it has been damaged and it has gone on. */
  async function damageRunning(where: readonly string[], way: string, seed: number): Promise<number[]> {
    const appends = `
      const journal = open('dead')
      for (let number = 0; ; number += 1) {
        journal.append([{ at: 1000 + number, agentId: 'agent ' + number % 3, type: 'n', body: { number, text: 'x'.repeat(number % 90) } }])
        print(number)
        if (number % 20 === 0) await new Promise((done) => setTimeout(done, 2))
      }
    `
    const writer = start(path(), `process.on('uncaughtException', () => {}); ${appends}`)
    await writer.until(40 + (seed % 100))
    for (const suffix of where) damage(path() + suffix, way, seed)
    const written = writer.lines.length
    await Promise.race([writer.until(written + 20), writer.ended])
    await writer.kill()
    move()
    return writer.lines.map(Number)
  }

  function damage(file: string, way: string, seed: number): void {
    if (!existsSync(file)) return
    const { size } = statSync(file)
    if (way === 'removed') rmSync(file)
    else if (way === 'zeroed') writeFileSync(file, Buffer.alloc(size))
    else if (way === 'truncated') truncateSync(file, seed % Math.max(1, size))
    else if (size > 0) {
      const bytes = readFileSync(file)
      const at = seed % size
      const opened = openSync(file, 'r+')
      writeSync(opened, Buffer.from([(bytes[at] ?? 0) ^ (1 + (seed % 255))]), 0, 1, at)
      closeSync(opened)
    }
  }
})

function checkpoint(): void {
  const store = openSqliteStore(path())
  store.rows(z.unknown(), 'PRAGMA wal_checkpoint(PASSIVE)')
  store.close()
}
