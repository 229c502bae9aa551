import { spawn } from 'node:child_process'
import { systemClock } from '@subagent-mcp/contract'
import { pidScope, startTimeOf } from '@subagent-mcp/driver-kit'
import { appendedLines, checkForLeaks, processesWith } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { exitFileVariable } from './exit-file.js'
import type { WorkerProcess } from './member.js'
import type { WorkerFleet } from '@subagent-mcp/daemon'
import { openFleet } from './open-fleet.js'

const Start = z.strictObject({ pid: z.number(), KEY: z.string().exactOptional(), words: z.array(z.string()) })

/** A fleet of real processes that do what their names say, in a folder of its own. */
export type FleetHouse = {
  home: string
  /** A daemon's fleet. `pid` stands for the daemon: that of a dead one lets the next take over. */
  open(pid?: number): WorkerFleet
  /** Writes the file with these workers, in folders of their names, and returns what `up` takes. */
  file(...workers: string[]): { file: string; cwd: string; environment: Record<string, string> }
  /** The environments in which a worker was started so far. */
  starts(name: string): z.infer<typeof Start>[]
  logged: string[]
  /** Leaves what a daemon leaves that was killed: workers of these names that run, and a record of them. */
  leave(...names: string[]): void
}

/** No process has it. */
const deadPid = 4_194_305

/** The daemon of the tests has another `KEY`, and no `API_KEY`. */
const callersKeys = { KEY: "the caller's", API_KEY: 'secret' }

const script = `
const { appendFileSync, writeFileSync } = require('node:fs')
const words = process.argv.slice(2)
const name = words.find((word) => word.startsWith('--name=')).slice(7)
const { KEY, SUBAGENT_MCP_EXIT_FILE: exitFile } = process.env
process.once('exit', (code) => writeFileSync(exitFile, process.pid + ' ' + code))
process.on('SIGTERM', () => name === 'stubborn' || process.exit(0))
appendFileSync('starts', JSON.stringify({ pid: process.pid, KEY, words }) + '\\n')
if (name === 'broken') {
  console.error('one\\nsubagent-mcp: boom\\nhint: mend it')
  process.exit(1)
}
setInterval(() => undefined, 1_000)
`

/** Gives each test one, and ends what it started. */
export function useFleetHouse(): () => FleetHouse {
  let house: FleetHouse
  let opened: WorkerFleet[] = []
  checkForLeaks()
  beforeEach(() => {
    opened = []
    house = createHouse(opened)
  })
  afterEach(async () => {
    for (const fleet of opened) await fleet.close()
    const left = () => processesWith(house.home).filter((pid) => pid !== process.pid)
    for (const pid of left()) process.kill(pid, 'SIGKILL')
    await expect.poll(left).toEqual([])
    rmSync(house.home, { recursive: true })
  })
  return () => house
}

function createHouse(opened: WorkerFleet[]): FleetHouse {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'fleet-')))
  writeFileSync(join(home, 'worker.cjs'), script)
  const logged: string[] = []
  return {
    home,
    logged,
    open: (pid = process.pid) => {
      const fleet = openFleet({
        ...{ home, script: join(home, 'worker.cjs'), clock: systemClock, graceMs: 1_000 },
        environment: { KEY: "the daemon's", HOME: home },
        owner: { pid, startTime: startTimeOf(pid) ?? '-', place: pidScope(), version: '1' },
        log: (line) => logged.push(line),
      })
      opened.push(fleet)
      return fleet
    },
    file: (...workers) => {
      for (const name of workers) mkdirSync(join(home, nameIn(name)), { recursive: true })
      const lines = workers.map(
        (worker) => `  - { folder: ${nameIn(worker)}${worker.slice(nameIn(worker).length)} }`,
      )
      writeFileSync(
        join(home, 'workers.yaml'),
        ['workers:', ...lines, 'restarts: { max: 1, minutes: 1 }'].join('\n'),
      )
      return { file: 'workers.yaml', cwd: home, environment: { ...callersKeys, HOME: home } }
    },
    leave: (...names) => {
      const members = names.map((name) => {
        const [folder, words] = [join(home, name), [`--name=${name}`]]
        const life = { status: 'running', since: 1, process: startAlone(home, name) }
        return { entry: { name, folder, words }, life, restarts: 0, recent: [] }
      })
      const owner = { pid: deadPid, startTime: '1', place: pidScope(), version: '1' }
      const limit = { max: 1, withinMs: 60_000 }
      const record = { owner, file: join(home, 'workers.yaml'), limit, members }
      writeFileSync(join(home, 'fleet.json'), JSON.stringify(record))
    },
    starts: (name) => appendedLines(join(home, name, 'starts')).map((line) => Start.parse(JSON.parse(line))),
  }
}

function startAlone(home: string, name: string): WorkerProcess {
  const cwd = join(home, name)
  for (const folder of [cwd, join(home, 'fleet')]) mkdirSync(folder, { recursive: true })
  const env = { HOME: home, ...exitFileVariable(join(home, 'fleet', `${name}.exit`)) }
  const words = [join(home, 'worker.cjs'), 'worker', `--name=${name}`]
  const { pid = 0 } = spawn(process.execPath, words, { cwd, env, stdio: 'ignore', detached: true })
  return { pid, startTime: startTimeOf(pid) ?? '-' }
}

/** A worker may have keys behind its name: `shop, model: opus`. */
function nameIn(worker: string): string {
  return /^\w+/.exec(worker)?.[0] ?? worker
}
