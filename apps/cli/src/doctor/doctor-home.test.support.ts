import { openRecords, setup, type SetupChoice, type HostId } from '@subagent-mcp/installer'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { getServerCommandForScope } from '../releases/server-command.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import type { DoctorCheck, DoctorContext, DoctorFinding } from './run-doctor-checks.js'

/** A home folder without any file, and the context of checks in it. */
export type DoctorHome = {
  home: string
  context: DoctorContext
  /** Writes a file below the home folder. */
  write(path: string, text: string): void
  read(path: string): string
  /** Does what setup does for a host. */
  wire(host: HostId, choice?: Partial<SetupChoice>): void
  /** Runs a check in the home folder, and returns its findings. */
  look(check: DoctorCheck['run']): Promise<readonly DoctorFinding[]>
}

/** Gives each test a home folder of its own. */
export function useDoctorHome(): () => DoctorHome {
  let home: DoctorHome
  beforeEach(() => {
    home = makeHome()
  })
  afterEach(() => {
    rmSync(home.home, { recursive: true })
  })
  return () => home
}

function makeHome(): DoctorHome {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'doctor-')))
  const [project, script] = [join(home, 'project'), join(home, 'subagent-mcp.js')]
  mkdirSync(project)
  writeFileSync(script, '')
  const environment = { HOME: home, USERPROFILE: home, SUBAGENT_MCP_HOME: join(home, 'ours') }
  const context: DoctorContext = {
    environment,
    machine: { platform: 'linux', home, environment, exists: existsSync, executable: () => undefined },
    server: { command: process.execPath, args: [script] },
    drivers: new Map(),
    node: '22.0.0',
    project,
  }
  return {
    home,
    context,
    write: (path, text) => {
      mkdirSync(dirname(join(home, path)), { recursive: true })
      writeFileSync(join(home, path), text)
    },
    read: (path) => readFileSync(join(home, path), 'utf8'),
    wire: (host, choice) => {
      wire(
        { host, scope: 'user', project, hooks: true, suppressNative: false, trust: true, ...choice },
        context,
      )
    },
    look: async (check) => check(context),
  }
}

function wire(choice: SetupChoice, { environment, machine, server }: DoctorContext): void {
  const stateFolder = getStateFolderPath(environment)
  openRecords(stateFolder).choose(choice)
  const { host, trust: trustCodexHooks, ...options } = choice
  const { files } = setup({
    ...{ machine, stateFolder, hosts: [host], ...options, trustCodexHooks },
    server: choice.scope === 'project' ? getServerCommandForScope('project') : server,
  })
  for (const item of files) {
    if (item.type !== 'write') continue
    mkdirSync(dirname(item.path), { recursive: true })
    writeFileSync(item.path, item.after)
  }
}
