import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { omitUndefined } from '@subagent-mcp/contract'
import { afterEach, beforeEach, vi } from 'vitest'
import type { NewFact, StoredFact } from './facts.js'
import type { AdoptedAgentFacts } from './journal-owners.js'
import { openJournal, type Journal, type JournalOptions } from './open-journal.js'

type Opening = Partial<Omit<JournalOptions, 'owner'> & JournalOptions['owner']>

/** Returns a function that opens journals in a temporary folder. Both are removed after each test. */
export function useJournals() {
  let folder: string
  const opened: Journal[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'))
  })
  afterEach(() => {
    for (const journal of opened.splice(0)) journal.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const path = (name = 'home/journal.db') => join(folder, name)
  return {
    path,
    open: ({
      isAlive,
      now,
      onForeign,
      onLoss,
      snapshotVersion,
      checkedSnapshots,
      path: elsewhere,
      ...owner
    }: Opening = {}): Journal => {
      const journal = openJournal({
        path: elsewhere ?? path(),
        owner: {
          kind: 'daemon',
          pid: process.pid,
          startTime: '1',
          place: 'p',
          nonce: 'n',
          version: '1.0.0',
          ...owner,
        },
        isAlive: isAlive ?? (() => true),
        onForeign: onForeign ?? (() => undefined),
        now: now ?? (() => 0),
        ...(onLoss && { onLoss }),
        ...omitUndefined({ snapshotVersion, checkedSnapshots }),
      })
      opened.push(journal)
      return journal
    },
  }
}

/** A numbered fact of an agent. */
export function entry(agentId: string, number: number, at = number): NewFact {
  return { at, agentId, type: 'message-ended', body: { number } }
}

/** The facts among the entries of an adoption, without snapshots. */
export function factsIn(entries: AdoptedAgentFacts['entries']): StoredFact[] {
  return [...entries].flatMap((entry) => ('snapshot' in entry ? [] : [entry]))
}

/** Returns a function that runs a script in a Node process of its own, with `open(nonce)` for the built package. */
export function useWriters() {
  const started: ChildProcess[] = []
  afterEach(async () => {
    await Promise.all(started.splice(0).map(ended))
  })
  return (path: string, script: string, wrapper: readonly string[] = []) => {
    const node = [process.execPath, '--input-type=module', '-e', `${prelude(path)}\n${script}`]
    const [command = '', ...args] = [...wrapper, ...node]
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    started.push(child)
    const closed = once(child, 'close')
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    return {
      lines,
      ended: closed.then(() => undefined),
      /** Waits until the process has printed this many lines. */
      until: (count: number) => vi.waitUntil(() => lines.length >= count, { timeout: 15_000, interval: 5 }),
      tell: (line: string) => child.stdin.write(`${line}\n`),
      kill: () => ended(child),
      /** Closes the process's stdin, and waits until the process has ended and all of its output is there. */
      finish: async () => {
        child.stdin.end()
        await closed
      },
    }
  }
}

/** The start of each script: `open` opens the journal, and `told` waits for the next line of stdin. */
function prelude(path: string): string {
  return `
    import { createInterface } from 'node:readline'
    import { openJournal } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
    const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    const told = () => input.next()
    const open = (nonce, isAlive = () => true) => openJournal({
      path: ${JSON.stringify(path)}, isAlive, onForeign: () => {}, now: Date.now,
      owner: { kind: 'daemon', pid: process.pid, startTime: '1', place: 'p', nonce, version: '1.0.0' },
    })
    const print = (value) => console.log(JSON.stringify(value))
  `
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
