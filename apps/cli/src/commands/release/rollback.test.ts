import {
  openRecords,
  createReleaseSource,
  rollback as planRollback,
  type TypedCommand,
  type ReleaseSource,
} from '@subagent-mcp/installer'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReleaseCommandContext } from '../../releases/release-command-context.js'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { makeInitFolders } from '../host/init-folders.test.support.js'
import { rollBackLastChange } from './rollback.js'
import { setupCommand } from '../host/setup.js'
import { installRelease } from './install-release.js'

const step = { from: '1', to: '2' }
const now = { dryRun: false, yes: true, json: false }

test('an update is on record before anything is installed, and goes once it is taken back', async () => {
  const { context, place, terminal, ran, read } = makeReleaseContext()
  place.onRun = ([word]) => {
    if (word === 'install-2')
      expect(read().deeds).toMatchObject([{ type: 'updated', ...step, place: '/here' }])
  }
  const { text } = await installRelease(step, context, false)
  expect(text).toBe('2 is installed; subagent-mcp rollback goes back to 1\nthe files')
  expect(ran).toEqual([
    'install-2',
    'program-2 --version',
    `program-2 update --after 1 --run ${planRollback(createInstallerOptions(terminal))?.run}`,
  ])
  expect(await rollBackLastChange(now, context)).toBe(0)
  expect(terminal.said.stdout).toMatch(/^update of 2026-11-2\d \d\d:\d\d:\nthe release: 1\n$/)
  expect(place.current).toBe('1')
  expect(read().deeds).toEqual([])
})

test('Ctrl-C does not cut a change off, and says what would mend it', async () => {
  const { context, place, terminal } = makeReleaseContext()
  place.onRun = ([word]) => {
    if (word === 'install-2') terminal.interrupt()
  }
  await installRelease(step, context, false)
  expect(place.current).toBe('2')
  expect(terminal.said.stderr).toContain('if it is cut off: back-to-1\n')
})

test('two in parallel: the second one gets an error that names the first', async () => {
  const { context, place } = makeReleaseContext()
  const seconds: Promise<void>[] = []
  const refused = `another update runs, pid ${process.pid}`
  place.onRun = ([word]) => {
    if (word === 'install-2')
      seconds.push(expect(installRelease(step, context, false)).rejects.toThrow(refused))
  }
  await installRelease(step, context, false)
  expect(seconds).toHaveLength(1)
  await Promise.all(seconds)
})

test('nothing that came after the update is taken away with it, nor from another installation', async () => {
  const { context, place, read } = makeReleaseContext()
  await installRelease(step, context, false)
  place.current = '3'
  await expect(rollBackLastChange({ ...now, dryRun: true }, context)).rejects.toMatchObject({
    message: 'the last change is the update to 2, but 3 is installed: what was changed since would be lost',
    hint: 'to go back nevertheless: back-to-1',
  })
  place.current = '2'
  const elsewhere = { ...context, source: { ...context.source, place: '/there' } }
  await expect(rollBackLastChange(now, elsewhere)).rejects.toThrow(
    'an update of another installation, /here; this one is',
  )
  const foreign = { ...context, source: createReleaseSource({ type: 'other', folder: '/p' }, '0.0.0') }
  await expect(rollBackLastChange({ ...now, dryRun: true }, foreign)).rejects.toMatchObject({
    code: 'not-supported',
  })
  expect(read().deeds).toHaveLength(1)
})

test('while the release before cannot be had, its files stay as they are', async () => {
  const { context, place, terminal, home } = makeReleaseContext()
  mkdirSync(join(home, '.cursor'))
  const cursor = join(home, '.cursor/mcp.json')
  place.onRun = ([word]) => {
    if (word === 'back-to-1') throw new Error('offline')
    if (word === 'install-2') writeFileSync(cursor, '{}\n')
  }
  await installRelease(step, context, false)
  const updated = planRollback(createInstallerOptions(terminal))?.run ?? ''
  await setupCommand.run(['--yes', '--host', 'cursor'], terminal)
  const state = openRecords(getStateFolderPath(terminal.environment))
  state.change((data) => ({
    ...data,
    files: data.files.map((file) => ({ ...file, run: updated })),
    deeds: data.deeds.slice(0, 1),
  }))
  const written = readFileSync(cursor, 'utf8')
  await expect(rollBackLastChange(now, context)).rejects.toThrow('offline')
  expect(readFileSync(cursor, 'utf8')).toBe(written)
  place.onRun = () => undefined
  expect(await rollBackLastChange(now, context)).toBe(0)
  expect(readFileSync(cursor, 'utf8')).toBe('{}\n')
})

/** Makes an installation of a release that records the commands that it runs. */
function makeReleaseContext() {
  const { terminal, home } = makeInitFolders()
  const ran: string[] = []
  const place = { current: '1', onRun: (_words: TypedCommand): void => undefined }
  const source: ReleaseSource = {
    place: '/here',
    asks: 'nobody',
    current: () => Promise.resolve(place.current),
    newer: () => Promise.resolve(undefined),
    install: (release) => [[`install-${release}`]],
    goBack: (release) => [[`back-to-${release}`]],
    program: (release) => ({ words: [`program-${release}`] }),
    isAnswer: (answer, release) => answer === release,
  }
  const run: ReleaseCommandContext['run'] = ({ words }) => {
    ran.push(words.join(' '))
    place.onRun(words)
    place.current = /^(?:install|back-to)-(\d)/.exec(words[0])?.[1] ?? place.current
    return Promise.resolve(words[1] === '--version' ? place.current : 'the files\n')
  }
  const context: ReleaseCommandContext = { terminal, installed: 'npm', source, run }
  const read = () => openRecords(getStateFolderPath(terminal.environment)).read()
  return { context, place, terminal, home, ran, read }
}
