import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkStateFolderRights } from './check-state-folder.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const ours = (...names: string[]) => join(machine().home, 'ours', ...names)
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

/** Fills a state folder with files that the daemon makes and files that users write. */
function fill() {
  machine().write('ours/run/daemon.sock', '')
  machine().write('ours/journal.db', '')
  machine().write('ours/config.jsonc', '{}')
  machine().write('ours/agents/mine.md', '')
  for (const path of [ours(), ours('run')]) chmodSync(path, 0o700)
  for (const path of [ours('run/daemon.sock'), ours('journal.db')]) chmodSync(path, 0o600)
  for (const path of [ours('config.jsonc'), ours('agents/mine.md')]) chmodSync(path, 0o644)
  chmodSync(ours('agents'), 0o755)
}

test.skipIf(process.platform === 'win32')('says nothing before there is something', async () => {
  expect(await machine().look(checkStateFolderRights)).toEqual([])
})

test.skipIf(process.platform === 'win32')('lets users make their own files as they do', async () => {
  fill()
  symlinkSync('/etc/hostname', ours('agents/linked.md'))
  expect(await machine().look(checkStateFolderRights)).toEqual([
    { severity: 'ok', what: `${ours()} is yours alone` },
  ])
})

test.skipIf(process.platform === 'win32')('finds what others can read, and closes it', async () => {
  fill()
  chmodSync(ours(), 0o755)
  chmodSync(ours('journal.db'), 0o644)
  const [finding] = await machine().look(checkStateFolderRights)
  expect(finding).toMatchObject({
    severity: 'warning',
    what: `${ours()} and 1 other are open to other users`,
    mend: `chmod -R go-rwx ${ours()}`,
  })
  if (finding?.severity !== 'warning') throw new Error('nothing to mend')
  await finding.fix?.()
  expect([modeOf(ours()), modeOf(ours('journal.db')), modeOf(ours('config.jsonc'))]).toEqual([
    '700',
    '600',
    '644',
  ])
  expect(await machine().look(checkStateFolderRights)).toMatchObject([{ severity: 'ok' }])
})

test.skipIf(process.platform === 'win32')(
  'what others can write is an error, also in a file of the user',
  async () => {
    fill()
    chmodSync(ours('config.jsonc'), 0o666)
    expect(await machine().look(checkStateFolderRights)).toMatchObject([
      { severity: 'error', what: `${ours('config.jsonc')} is open to other users` },
    ])
  },
)

test.skipIf(process.platform === 'win32')('finds a folder that is closed to its own user', async () => {
  fill()
  chmodSync(ours('run'), 0o300)
  const findings = await machine().look(checkStateFolderRights)
  chmodSync(ours('run'), 0o700)
  expect(findings).toEqual([
    {
      severity: 'error',
      what: `${ours('run')} is closed to yourself`,
      mend: `chmod -R u+rwX ${ours()}`,
    },
  ])
})

test.skipIf(process.getuid?.() !== 0)('finds what belongs to another user', async () => {
  const { chownSync } = await import('node:fs')
  fill()
  mkdirSync(ours('answers'), { mode: 0o700 })
  chownSync(ours('answers'), 12_345, 12_345)
  expect(await machine().look(checkStateFolderRights)).toMatchObject([
    { severity: 'error', what: `${ours('answers')} is of another user` },
  ])
})
