import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { afterEach, beforeEach } from 'vitest'
import { createTestTerminal, type TestTerminal } from '../../terminal/terminal.test.support.js'
import { rollback } from '@subagent-mcp/installer'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { setupCommand } from './setup.js'
import { uninstallCommand } from './uninstall.js'

/** A home folder with hosts, and a terminal on which commands run. */
export type SetupMachine = {
  home: string
  terminal: TestTerminal
  /** Writes a file in the test's home folder. */
  write(path: string, text: string): void
  read(path: string): string
  /** Returns all files in the home but those of subagent-mcp, with their contents. */
  files(): Record<string, string>
  /** Sets the trust status that Codex reports for the hooks of subagent-mcp. */
  codexSays(trustStatus: 'trusted' | 'untrusted' | 'nothing'): void
  setup(...words: string[]): Promise<CommandOutcome>
  uninstall(...words: string[]): Promise<CommandOutcome>
}

/** The exit code of a command, and the text that it printed. */
export type CommandOutcome = { code: number; stdout: string; stderr: string }

/** Gives each test of a file a home with fake programs of Claude Code, Codex and Gemini CLI, which are not set up. */
export function useSetupMachine(): () => SetupMachine {
  checkForLeaks()
  let machine: SetupMachine
  beforeEach(() => {
    machine = makeMachine()
  })
  afterEach(() => {
    rmSync(machine.home, { recursive: true })
  })
  return () => machine
}

function makeMachine(): SetupMachine {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'setup-')))
  for (const folder of ['.claude', '.codex', '.gemini', 'project/.git', 'bin']) {
    mkdirSync(join(home, folder), { recursive: true })
  }
  const terminal = createTestTerminal({ cwd: join(home, 'project'), now: Date.now })
  const codex = join(home, 'bin/codex')
  const environment = {
    HOME: home,
    PATH: dirname(process.execPath),
    SUBAGENT_MCP_HOME: join(home, 'ours'),
    SUBAGENT_MCP_CODEX_PATH: codex,
  }
  Object.assign(terminal, { home, environment })
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  const machine: SetupMachine = {
    home,
    terminal,
    write,
    read: (path) => readFileSync(join(home, path), 'utf8'),
    files: () => Object.fromEntries(filesIn(home).flatMap((path) => listed(home, path))),
    codexSays: (status) => {
      write('bin/codex', fakeCodex(home, status))
      chmodSync(codex, 0o755)
    },
    setup: (...words) => saying(terminal, () => setupCommand.run(words, terminal)),
    uninstall: (...words) => saying(terminal, () => uninstallCommand.run(words, terminal)),
  }
  machine.codexSays('trusted')
  return machine
}

/** Undoes the last run that wrote something, as `rollback` does. */
export function rollBackLastRun({ environment, home, cwd, now }: TestTerminal): void {
  rollback(createInstallerOptions({ environment, home, cwd, now }))?.apply()
}

async function saying({ said }: TestTerminal, run: () => Promise<number>): Promise<CommandOutcome> {
  Object.assign(said, { stdout: '', stderr: '' })
  const code = await run()
  return { code, ...said }
}

function listed(home: string, path: string): [string, string][] {
  const name = relative(home, path)
  return /^(ours|bin)\//.test(name) ? [] : [[name, readFileSync(path, 'utf8')]]
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

/** Returns the script of a fake `codex app-server`, which lists the hooks of the user's file with one made-up hash. */
function fakeCodex(home: string, status: string): string {
  return `#!${process.execPath}
const { readFileSync } = require('node:fs')
const file = ${JSON.stringify(join(home, '.codex/hooks.json'))}
const config = ${JSON.stringify(join(home, '.codex/config.toml'))}
const hooks = () => Object.values(JSON.parse(readFileSync(file, 'utf8')).hooks).flat().flatMap(({ hooks }) => hooks)
const list = () => ${JSON.stringify(status)} === 'nothing' ? [] : hooks().map(({ command }, index) => ({
  key: 'codex:' + index, command, sourcePath: file, currentHash: 'sha256:own',
  trustStatus: readFileSync(config, 'utf8').includes('sha256:own') ? 'trusted' : ${JSON.stringify(status)},
}))
const answers = { initialize: () => ({}), 'hooks/list': () => ({ data: [{ cwd: '', hooks: list() }] }) }
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method]() }))
})
`
}
