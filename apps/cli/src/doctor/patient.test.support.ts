import { hosts, plan, type FileChange, type HostId, type Planned } from '@subagent-mcp/installer'
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
import { codexTrust } from '../wiring/codex-trust.js'
import { readOrRefuse } from '../wiring/read-or-refuse.js'
import type { Choice } from '../wiring/choice.js'
import { openWiringState } from '../wiring/wiring-state.js'
import type { Check, Context, Finding } from './check.js'
import { wiringsOf } from './wirings.js'

/** A machine with nothing on it but a home. */
export type Patient = {
  home: string
  context: Context
  /** A file below the home, with what it says. */
  write(path: string, text: string): void
  read(path: string): string
  /** Does what setup does for a host. */
  wire(host: HostId, choice?: Partial<Choice>): void
  /** What a check finds. */
  look(check: Check): Promise<readonly Finding[]>
}

/** Gives each test one of its own. */
export function usePatient(): () => Patient {
  let patient: Patient
  beforeEach(() => {
    patient = admit()
  })
  afterEach(() => {
    rmSync(patient.home, { recursive: true })
  })
  return () => patient
}

function admit(): Patient {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'patient-')))
  const [project, script] = [join(home, 'project'), join(home, 'subagent-mcp.js')]
  mkdirSync(project)
  writeFileSync(script, '')
  const environment = { HOME: home, USERPROFILE: home, SUBAGENT_MCP_HOME: join(home, 'ours') }
  const context: Context = {
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
    look: async (check) => check.run(context),
  }
}

function wire(choice: Choice, context: Context): void {
  openWiringState(context.environment).choose(choice)
  const chosen = wiringsOf(context).find(({ host, isChosen }) => isChosen && host.id === choice.host)
  if (chosen === undefined) throw new Error(`no host ${choice.host} of ${hosts.length}`)
  const { host, wiring, trust } = chosen
  const planned = writeAll(host.changes(context.machine, wiring))
  const trusting = choice.host === 'codex' && trust && codexTrust(context.machine, wiring, planned)
  if (trusting) writeAll([trusting])
}

function writeAll(changes: readonly FileChange[]): Planned[] {
  const planned = plan(changes, readOrRefuse)
  for (const item of planned) {
    if (item.type !== 'write') continue
    mkdirSync(dirname(item.path), { recursive: true })
    writeFileSync(item.path, item.after)
  }
  return planned
}
