import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { startLimit } from './patience.js'
import { processCommand, descendantsOf, processesWith } from './processes.js'

/**
 * Makes sure that no test of the file leaves anything behind: no process that descends from it or was started for it, no
 * listening socket, no file in the temporary folder, which is an empty one of its own in each test. Call it
 * first: what the file's own `afterEach` cleans up is looked at afterwards.
 */
export function checkForLeaks(): void {
  const usual = process.env['TMPDIR']
  let folder: string
  let before: Before

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leak-')))
    process.env['TMPDIR'] = folder
    before = { processes: descendantsOf(process.pid), sockets: listeningSockets().length }
  })

  afterEach(async () => {
    const left = await untilNothingIs(() => [
      ...newProcesses(folder, before),
      ...listeningSockets().slice(before.sockets),
      ...readdirSync(folder).map((name) => `file ${name}`),
    ])
    for (const pid of startedFor(folder, before)) killLeftover(pid)
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    if (usual === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = usual
    expect(left, 'what the test left behind').toEqual([])
  })
}

type Before = { processes: readonly number[]; sockets: number }

function newProcesses(folder: string, before: Before): string[] {
  return startedFor(folder, before).map((pid) => `process ${pid}: ${processCommand(pid)?.command}`)
}

/** A process that left its process group still has the test's folder in its environment. */
function startedFor(folder: string, before: Before): number[] {
  const all = new Set([...descendantsOf(process.pid), ...processesWith(folder)])
  return [...all].filter((pid) => pid !== process.pid && !before.processes.includes(pid))
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
