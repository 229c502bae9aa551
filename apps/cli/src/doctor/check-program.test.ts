import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { oldestNodeVersion } from './check-program.js'
import { doctorChecks } from './all-doctor-checks.js'
import { useDoctorHome } from './doctor-home.test.support.js'
import { runDoctorChecks } from './run-doctor-checks.js'

const machine = useDoctorHome()
const named = (...names: string[]) => doctorChecks.filter(({ name }) => names.includes(name))
const silently = () => () => undefined

test.each([
  ['20.19.0', 'ok'],
  ['20.20.1', 'ok'],
  ['24.0.0', 'ok'],
  ['20.18.3', 'error'],
  ['18.20.0', 'error'],
])('node %s is %s', async (node, severity) => {
  expect(await runDoctorChecks(named('node'), { ...machine().context, node }, silently)).toMatchObject([
    { severity },
  ])
  expect(packageJson.engines.node).toBe(`>=${oldestNodeVersion}`)
})

test('a state folder that was never used is in order', async () => {
  const found = await runDoctorChecks(
    named('configuration', 'daemon', 'journal'),
    machine().context,
    silently,
  )
  expect(found.map(({ severity }) => severity)).toEqual(['ok', 'ok', 'ok'])
})

test('tells the line of a configuration that cannot be used', async () => {
  machine().write('ours/config.jsonc', '{\n  "idleCloseMinutes": "ten"\n}\n')
  const [found] = await runDoctorChecks(named('configuration'), machine().context, silently)
  expect(found).toMatchObject({ check: 'configuration', severity: 'error' })
  expect(found?.what).toMatch(/config.jsonc:2: idleCloseMinutes/)
})

test('calls the listener before and after each check', async () => {
  const told: string[] = []
  const blocks = { name: 'blocks', run: () => (told.push('it runs'), []) }
  await runDoctorChecks([blocks], machine().context, (name) => {
    told.push(`${name} begins`)
    return () => told.push(`${name} is done`)
  })
  expect(told).toEqual(['blocks begins', 'it runs', 'blocks is done'])
})

test('a thrown error becomes the finding of its check, and the other checks run', async () => {
  const throws = {
    name: 'throws',
    run: () => {
      throw new Error('EACCES: permission denied')
    },
  }
  expect(await runDoctorChecks([throws, ...named('node')], machine().context, silently)).toMatchObject([
    { check: 'throws', severity: 'error', what: 'EACCES: permission denied' },
    { check: 'node', severity: 'ok' },
  ])
})
