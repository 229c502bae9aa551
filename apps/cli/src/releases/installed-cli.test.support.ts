import { spawn } from 'node:child_process'
import { appendedLines } from '@subagent-mcp/testkit'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, inject } from 'vitest'
import {
  untilProcessEnds,
  useCliRuntime,
  type CliRuntime,
  type RunResult,
} from '../cli-runtime.test.support.js'

/** The command as npm installs it below a prefix, and a fake npm without network. */
export type InstalledCli = {
  house: CliRuntime
  prefix: string
  script: string
  /** A PATH in which npm is the fake one. */
  path: string
  run(...words: readonly string[]): Promise<RunResult>
  /** Makes a release the newest one: 0.0.0 and 0.0.1 work, 0.0.2 does not, 0.0.3 knows its version alone. Before, the registry cannot be reached. */
  publish(release: string): void
  /** The package specification that npm was asked to install. */
  installs(): readonly string[]
}

/** Gives each test of a file release 0.0.0, installed. */
export function useInstalledCli(): () => InstalledCli {
  const theHouse = useCliRuntime()
  let cli: InstalledCli
  beforeEach(() => {
    cli = install(theHouse(), inject('cli'))
  })
  return () => cli
}

function install(house: CliRuntime, built: string): InstalledCli {
  const prefix = join(house.home, 'prefix')
  const registry = join(house.home, 'registry')
  const script = join(prefix, 'lib/node_modules/subagent-mcp/bin/subagent-mcp.js')
  fillRegistry(registry, built)
  copy(join(registry, '0.0.0'), join(prefix, 'lib/node_modules/subagent-mcp'))
  mkdirSync(join(prefix, 'bin'))
  symlinkSync(script, join(prefix, 'bin/subagent-mcp'))
  const log = join(registry, 'log')
  const path = `${registry}:${house.environment['PATH'] ?? ''}`
  const environment = { ...house.environment, PATH: path }
  return {
    house,
    prefix,
    script,
    path,
    run: (...words) => {
      const child = spawn(process.execPath, [script, ...words], { env: environment, stdio: 'pipe' })
      child.stdin.end()
      return untilProcessEnds(child)
    },
    publish: (release) => {
      writeFileSync(join(registry, 'newest'), release)
    },
    installs: () => appendedLines(log),
  }
}

/** Creates a folder for each release, and a fake npm that installs from these folders. */
function fillRegistry(registry: string, built: string): void {
  copy(built, join(registry, '0.0.0'))
  copy(built, join(registry, '0.0.1'))
  const release = join(registry, '0.0.1')
  for (const name of ['package.json', ...readdirSync(join(release, 'dist')).map((file) => `dist/${file}`)]) {
    const text = readFileSync(join(release, name), 'utf8')
    writeFileSync(join(release, name), text.replaceAll('"0.0.0"', '"0.0.1"'))
  }
  mkdirSync(join(registry, '0.0.2/bin'), { recursive: true })
  writeFileSync(join(registry, '0.0.2/bin/subagent-mcp.js'), "throw new Error('built on a bad day')\n")
  mkdirSync(join(registry, '0.0.3/bin'), { recursive: true })
  const half = "if (process.argv[2] !== '--version') throw new Error('no SQLite')\nconsole.log('0.0.3')\n"
  writeFileSync(join(registry, '0.0.3/bin/subagent-mcp.js'), half)
  writeFileSync(join(registry, 'npm'), `#!${process.execPath}${npm}`, { mode: 0o755 })
}

/** The script of a fake npm, which answers `view` and executes `install`. */
const npm = `
const { appendFileSync, cpSync, existsSync, readFileSync, rmSync } = require('node:fs')
const words = process.argv.slice(2)
if (words[0] === 'view') {
  if (!existsSync(__dirname + '/newest')) throw new Error('getaddrinfo ENOTFOUND registry')
  console.log(readFileSync(__dirname + '/newest', 'utf8'))
} else {
  appendFileSync(__dirname + '/log', words.join(' ') + '\\n')
  const target = words[words.indexOf('--prefix') + 1] + '/lib/node_modules/subagent-mcp'
  rmSync(target, { recursive: true })
  cpSync(__dirname + '/' + words.at(-1).split('@')[1], target, { recursive: true, verbatimSymlinks: true })
}
`

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true })
}
