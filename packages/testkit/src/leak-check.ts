import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { startLimit } from './patience.js'
import { processCommand, watchForNewProcesses } from './processes.js'

/**
 * Makes sure that no test of the file leaves anything behind: no process that descends from it or was started for it, no
 * listening socket, no file in the temporary folder, which is an empty one of its own in each test. Call it
 * first: what the file's own `afterEach` cleans up is looked at afterwards.
 */
export function checkForLeaks(): void {
  const usual = process.env['TMPDIR']
  let folder: string
  let sockets: number
  let startedFor: (folder: string) => number[]

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leak-')))
    process.env['TMPDIR'] = folder
    startedFor = watchForNewProcesses()
    sockets = listeningSockets().length
  })

  afterEach(async () => {
    const left = await untilNothingIs(() => [
      // A process that left its process group still has the test's folder in its environment.
      ...startedFor(folder).map((pid) => `process ${pid}: ${processCommand(pid)?.command}`),
      ...listeningSockets().slice(sockets),
      ...readdirSync(folder).map((name) => `file ${name}`),
    ])
    for (const pid of startedFor(folder)) killLeftover(pid)
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    if (usual === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = usual
    expect(left, 'what the test left behind').toEqual([])
  })
}

function listeningSockets(): string[] {
  const kinds = ['TCPServerWrap', 'PipeServerWrap']
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind))
}

/** Returns what a test leaves behind after a moment, because sockets and zombies need some time to disappear. */
async function untilNothingIs(look: () => string[]): Promise<string[]> {
  const limit = startLimit(2_000)
  for (;;) {
    const left = look()
    if (left.length === 0 || (await limit.isOver())) return left
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function killLeftover(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It disappeared meanwhile.
  }
}
