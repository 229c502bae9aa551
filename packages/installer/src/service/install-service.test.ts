import { SubagentError } from '@subagent-mcp/contract'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CommandRunner } from '../releases/run-command.js'
import { installService, uninstallService } from './install-service.js'
import { getServiceManager, type ServiceManager } from './service-manager.js'

let home: string
let ran: string[]
let inTheWay: string | undefined
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'service-'))
  ran = []
  inTheWay = undefined
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const program = { command: ['/bin/node', '/s.js'], environment: { PATH: '/bin' }, stopSeconds: 9 }
const managerOf = (platform: NodeJS.Platform): ServiceManager => getServiceManager({ HOME: home }, platform)

/** A runner for a fake systemd or launchd. Commands succeed, unless `answer` returns an output or an error. */
function systemThat(answer: (line: string) => string | SubagentError = () => ''): CommandRunner {
  return ({ words }) => {
    const line = words.join(' ')
    ran.push(line)
    const said = answer(line)
    return said instanceof SubagentError ? Promise.reject(said) : Promise.resolve(said)
  }
}

const install = (manager: ServiceManager, run: CommandRunner, command = program.command) =>
  installService({ manager, program: { ...program, command }, run }, () => {
    ran.push('before')
    return Promise.resolve(inTheWay)
  })

test('it is written and enabled; again, nothing happens; a change is told', async () => {
  const manager = managerOf('linux')
  const path = join(home, '.config/systemd/user/subagent-mcp.service')
  expect(await install(manager, systemThat())).toMatchObject({ path, file: 'written', service: 'enabled' })
  expect(ran.slice(1)).toEqual([
    'before',
    'systemctl --user daemon-reload',
    'systemctl --user enable --now subagent-mcp.service',
  ])
  const text = readFileSync(path, 'utf8')
  expect(text).toBe(manager.text(program))
  ran = []
  const active = systemThat(() => 'ActiveState=active\nUnitFileState=enabled\n')
  expect(await install(manager, active)).toMatchObject({ file: 'same', service: 'enabled' })
  expect([ran.length, readFileSync(path, 'utf8')]).toEqual([1, text])
  const changed = await install(manager, active, ['/other/node', '/s.js'])
  expect(changed).toMatchObject({ file: 'changed', service: 'enabled' })
  expect(changed.lines).toContain('for the change to hold: systemctl --user restart subagent-mcp.service')
})

test('uses the commands of launchd', async () => {
  const manager = managerOf('darwin')
  const notKnown = systemThat((line) =>
    line.includes(' print ') ? new SubagentError('io-failed', 'no') : '',
  )
  const { path } = await install(manager, notKnown)
  expect(path).toBe(join(home, 'Library/LaunchAgents/io.github.subagent-mcp.plist'))
  expect(ran.at(-1)).toMatch(/^launchctl bootstrap gui\/\d+ .*\.plist$/)
  const active = systemThat(() => 'gui/501/x = {\n\tstate = running\n}')
  expect(await install(manager, active)).toMatchObject({ file: 'same', service: 'enabled' })
  expect(await uninstallService(manager, systemThat())).toMatchObject({ removed: true })
  expect(ran.at(-1)).toMatch(/^launchctl bootout gui\/\d+\/io\.github\.subagent-mcp$/)
})

test('names the command for the user when the system fails', async () => {
  const manager = managerOf('linux')
  const byHand: unknown = expect.stringContaining('systemctl --user enable --now')
  const missing = await install(
    manager,
    systemThat(() => new SubagentError('not-installed', 'no systemctl')),
  )
  expect(missing).toMatchObject({ service: 'by-hand', lines: [expect.any(String), byHand] })
  const failing = await install(
    manager,
    systemThat(() => new SubagentError('io-failed', 'no bus')),
  )
  expect(failing).toMatchObject({ service: 'failed', lines: [expect.any(String), 'no bus', byHand] })
})

test('does not stop a daemon in use, and says so', async () => {
  inTheWay = 'daemon 1 serves 1 host'
  const { lines, service } = await install(managerOf('linux'), systemThat())
  expect([service, lines[1]]).toEqual(['enabled', inTheWay])
})

test('refuses the service file of another program', async () => {
  const manager = managerOf('linux')
  mkdirSync(dirname(manager.path), { recursive: true })
  writeFileSync(manager.path, '[Service]\n')
  await expect(install(manager, systemThat())).rejects.toMatchObject({ code: 'name-taken' })
  await expect(uninstallService(manager, systemThat())).rejects.toMatchObject({ code: 'name-taken' })
  expect([readFileSync(manager.path, 'utf8'), ran]).toEqual(['[Service]\n', []])
})

test('uninstall removes just that, also where the system does not answer, and is done when there is none', async () => {
  const manager = managerOf('linux')
  await install(manager, systemThat())
  writeFileSync(join(dirname(manager.path), 'other.service'), 'x')
  const dumb = systemThat(() => new SubagentError('io-failed', 'no bus'))
  expect(await uninstallService(manager, dumb)).toEqual({
    removed: true,
    lines: [`removed ${manager.path}`, 'the system did not end it: no bus'],
  })
  expect([existsSync(manager.path), existsSync(join(dirname(manager.path), 'other.service'))]).toEqual([
    false,
    true,
  ])
  expect(await uninstallService(manager, dumb)).toMatchObject({ removed: false })
})

test('says what to do on a system without services', () => {
  expect(() => managerOf('win32')).toThrow('there is no service for win32 yet')
  expect(() => managerOf('freebsd')).toThrow('there is no service for freebsd yet')
})
