import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { checkConfiguration } from './check-configuration.js'
import { checkDaemon } from './check-daemon.js'
import { checkJournal } from './check-journal.js'
import { checkNode, floor } from './check-node.js'
import { usePatient } from './patient.test.support.js'
import { runChecks } from './run-checks.js'

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

test('a journal that is no database is an error, and stays as it is', async () => {
  const path = join(patient().home, 'ours/journal.db')
  mkdirSync(join(patient().home, 'ours'))
  writeFileSync(path, 'no database '.repeat(1000))
  const [found] = await runChecks([checkJournal], patient().context, silently)
  expect(found).toMatchObject({ severity: 'error', what: `the journal ${path} is not a database` })
  expect(readFileSync(path, 'utf8')).toBe('no database '.repeat(1000))
})

test('a socket whose path is too long is an error', async () => {
  const { context } = patient()
  const environment = { ...context.environment, SUBAGENT_MCP_HOME: join(patient().home, 'x'.repeat(200)) }
  expect(await runChecks([checkDaemon], { ...context, environment }, silently)).toMatchObject([
    { severity: 'error', mend: 'set SUBAGENT_MCP_HOME to a folder with a shorter path' },
  ])
})

test('tells of a check that is slow, and when it is done', async () => {
  const told: string[] = []
  let finish = (): void => undefined
  const slow = { name: 'slow', run: () => new Promise<[]>((resolve) => (finish = () => resolve([]))) }
  const running = runChecks([checkNode, slow], patient().context, (name) => {
    told.push(`${name} begins`)
    return () => told.push(`${name} is done`)
  })
  await expect.poll(() => told).toEqual(['slow begins'])
  finish()
  await running
  expect(told).toEqual(['slow begins', 'slow is done'])
})
