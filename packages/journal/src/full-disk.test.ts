import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useJournals, useWriters } from './journals.test.support.js'

checkForLeaks()
const { path } = useJournals()
const start = useWriters()

/** The command line that runs a command with a disk of 400 kB at `folder`. */
const onSmallDisk = (folder: string) => [
  ...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'],
  ...['mount -t tmpfs -o size=400k tmpfs "$0" && exec "$@"', folder],
]
const canMount = spawnSync('env', [...onSmallDisk('/mnt'), 'true']).status === 0

const Line = z.object({ code: z.string(), message: z.string(), hint: z.string(), written: z.number() })

describe.runIf(canMount)('a full disk', () => {
  it('is said when the journal is opened', async () => {
    mkdirSync(path('disk'))
    const script = `
      import { writeFileSync } from 'node:fs'
      try { writeFileSync(${JSON.stringify(path('disk/ballast'))}, Buffer.alloc(1e6)) } catch {}
      try { open('n') } catch ({ code, message, hint }) { print({ code, message, hint, written: 0 }) }
    `
    const writer = start(path('disk/journal.db'), script, onSmallDisk(path('disk')))
    await writer.finish()
    const line = Line.parse(JSON.parse(writer.lines[0] ?? ''))
    expect(line.code).toBe('io-failed')
    expect(line.message).toContain('disk is full')
  })

  it('makes a write fail whole, and is over when there is room again', async () => {
    mkdirSync(path('disk'))
    const script = `
      import { rmSync, writeFileSync } from 'node:fs'
      const ballast = ${JSON.stringify(path('disk/ballast'))}
      writeFileSync(ballast, Buffer.alloc(150_000))
      const journal = open('n')
      const entries = [1, 2].map((at) => ({ at, agentId: 'a', type: 'filled', body: 'x'.repeat(3_000) }))
      let written = 0
      const fill = () => {
        try {
          for (;;) { journal.append(entries); written += 2 }
        } catch ({ code, message, hint }) {
          print({ code, message, hint, written })
        }
      }
      fill()
      fill()
      print(journal.read({}).length)
      rmSync(ballast)
      const last = journal.append(entries)
      print(journal.read({}).at(-1).seq === last)
      journal.close()
      journal.close()
    `
    const writer = start(path('disk/journal.db'), script, onSmallDisk(path('disk')))
    await writer.finish()
    const [first, second, count, goesOn] = writer.lines.map((line): unknown => JSON.parse(line))
    const failed = Line.parse(first)
    expect(failed.code).toBe('io-failed')
    expect(failed.hint).toContain('free some space')
    expect(failed.message).toContain('disk is full')
    expect(failed.written).toBeGreaterThan(0)
    expect(second).toEqual(failed)
    expect(count).toBe(failed.written)
    expect(goesOn).toBe(true)
  })
})
