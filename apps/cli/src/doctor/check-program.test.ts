import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { checkConfiguration } from './check-configuration.js'
import { checkDaemon } from './check-daemon.js'
import { checkJournal } from './check-journal.js'
import { checkNode, floor } from './check-node.js'
import { usePatient } from './patient.test.support.js'
import { runChecks } from './run-checks.js'
import { runSetup } from './run-setup.js'

const patient = usePatient()
const silently = () => () => undefined

test.each([
  ['20.19.0', 'ok'],
  ['20.20.1', 'ok'],
  ['24.0.0', 'ok'],
  ['20.18.3', 'error'],
  ['18.20.0', 'error'],
])('node %s is %s', async (node, severity) => {
  expect(await checkNode.run({ ...patient().context, node })).toMatchObject([{ severity }])
  expect(packageJson.engines.node).toBe(`>=${floor}`)
})

test('a house that was never used is in order', async () => {
  const found = await runChecks([checkConfiguration, checkDaemon, checkJournal], patient().context, silently)
  expect(found.map(({ severity }) => severity)).toEqual(['ok', 'ok', 'ok'])
})

test('tells the line of a configuration that cannot be used', async () => {
  patient().write('ours/config.jsonc', '{\n  "idleCloseMinutes": "ten"\n}\n')
  const [found] = await runChecks([checkConfiguration], patient().context, silently)
  expect(found).toMatchObject({ check: 'configuration', severity: 'error' })
  expect(found?.what).toMatch(/config.jsonc:2: idleCloseMinutes/)
})

test('tells of each check before it begins, and when it is done', async () => {
  const told: string[] = []
  const blocks = { name: 'blocks', run: () => (told.push('it runs'), []) }
  await runChecks([blocks], patient().context, (name) => {
    told.push(`${name} begins`)
    return () => told.push(`${name} is done`)
  })
  expect(told).toEqual(['blocks begins', 'it runs', 'blocks is done'])
})

test('what a check throws is its finding, whatever it is, and the others go on', async () => {
  const throws = {
    name: 'throws',
    run: () => {
      throw new Error('EACCES: permission denied')
    },
  }
  expect(await runChecks([throws, checkNode], patient().context, silently)).toMatchObject([
    { check: 'throws', severity: 'error', what: 'EACCES: permission denied' },
    { check: 'node', severity: 'ok' },
  ])
})

test('setup that fails says why which file was not written, and one that hangs is ended', async () => {
  const { context, home } = patient()
  const run = (script: string, deadlineMs?: number) =>
    runSetup(
      ['--host', 'codex'],
      { ...context, server: { command: process.execPath, args: ['-e', script, '--'] }, cwd: home },
      deadlineMs,
    )
  const files = JSON.stringify({ files: [{ path: '/a' }, { path: '/b', why: 'it is no table' }] })
  await expect(run(`console.log('${files}'); process.exitCode = 1`)).rejects.toThrow(/^\/b: it is no table$/)
  await expect(run(`console.error('no host'); process.exitCode = 1`)).rejects.toThrow('no host')
  await expect(run('setInterval(() => {}, 1000)', 300)).rejects.toThrow('SIGTERM: it may take 0.3 s')
})
