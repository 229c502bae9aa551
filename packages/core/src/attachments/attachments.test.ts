import { noPermissionRules, checkPermissionRule } from '@subagent-mcp/permissions'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolCallJudge } from '../questions/tool-call-judge.js'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import type { LaunchRequest } from '../launch/launch-request.js'
import { sendMessage } from '../requests/send-message.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  unroutedRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'

const png = Buffer.from('89504e470d0a1a0a0000', 'hex')

let folder: string
let manual: ManualSupervisor
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'attachments-')))
  manual = createManualSupervisor({}, {}, createToolCallJudge({ home: join(folder, 'home') }))
  writeFileSync(join(folder, 'a.png'), png)
  writeFileSync(join(folder, 'b.png'), 'a text with the name of an image')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const path = (name: string) => join(folder, name)
const image = { type: 'image/png', data: png.toString('base64') }

function launched(files: readonly string[], more: Partial<LaunchRequest> = {}) {
  return launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, cwd: folder, files, ...more })
    .agent
}

test('files of a launch: images by their bytes, others by path, each once', async () => {
  launched(['a.png', path('b.png'), './a.png'])
  expect((await manual.opened()).sent).toMatchObject([
    { type: 'prompt', text: 'do it', files: [{ path: path('a.png'), image }, { path: path('b.png') }] },
  ])
  const [fact] = manual.journal.facts
  expect(JSON.stringify(fact)).not.toContain(image.data)
})

test('a launch without files sends none', async () => {
  launched([])
  expect((await manual.opened()).sent[0]).not.toHaveProperty('files')
})

test.each([
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ffe0'],
  ['image/gif', '474946383961'],
  ['image/webp', '524946460000000057454250'],
])('%s is known by its bytes', async (type, bytes) => {
  writeFileSync(path('shot'), Buffer.from(bytes, 'hex'))
  launched(['shot'])
  expect((await manual.opened()).sent).toMatchObject([{ files: [{ image: { type } }] }])
})

describe('a launch is refused before anything starts', () => {
  const refused = (name: string, more?: Partial<LaunchRequest>): [string, string] => {
    const act = () => launched(['b.png', name], more)
    let message = ''
    try {
      act()
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    expect(manual.supervisor.state().agents.size).toBe(0)
    return [codeOf(act), message.replaceAll(folder, '')]
  }

  test.each([
    ['missing.txt', '/missing.txt cannot be attached: it does not exist'],
    ['sub', '/sub cannot be attached: it is a folder'],
    ['b.png/c', '/b.png/c cannot be attached: it cannot be read (ENOTDIR)'],
    ['large.png', 'the image /large.png has 3750001 bytes, 3750000 at most'],
    ['large.bin', '/large.bin has 50000001 bytes, 50000000 at most'],
    ['/dev/fd/0', '/dev/fd/0 cannot be attached: no program opens it as one file'],
    ['/dev/null', '/dev/null cannot be attached: it is no regular file'],
  ])('%s', (name, message) => {
    mkdirSync(path('sub'))
    writeFileSync(path('large.png'), png)
    truncateSync(path('large.png'), 3_750_001)
    writeFileSync(path('large.bin'), '')
    truncateSync(path('large.bin'), 50_000_001)
    expect(refused(name)).toEqual(['invalid-parameter', `files: ${message}`])
  })

  test('for more than 20 MB of images', () => {
    const names = ['1', '2', '3', '4', '5', '6']
    for (const name of names) {
      writeFileSync(path(name), png)
      truncateSync(path(name), 3_700_000)
    }
    expect(() => launched(names)).toThrow('files: the images together have 22200000 bytes, 20000000 at most')
  })

  test('for credentials, also by a link and with full-auto, and for what a rule forbids', () => {
    mkdirSync(path('home/.ssh'), { recursive: true })
    writeFileSync(path('home/.ssh/id_ed25519'), png)
    symlinkSync(path('home/.ssh/id_ed25519'), path('harmless.png'))
    writeFileSync(path('.env'), 'KEY=1')
    for (const name of ['harmless.png', '.env', '~/.ssh/id_ed25519'])
      for (const permissions of ['full-auto', 'read-only'] as const) {
        manual.connect('me', folder, 0, { preset: 'full-auto', rules: noPermissionRules })
        expect(refused(name, { permissions })).toEqual([
          'above-ceiling',
          expect.stringContaining('may not read'),
        ])
      }
    const read = checkPermissionRule('Read(*.png)')
    const deny = read.type === 'rule' ? [read.rule] : []
    manual.connect('me', folder, 0, { preset: 'full-auto', rules: { ...noPermissionRules, deny } })
    expect(refused('a.png')).toEqual(['above-ceiling', expect.stringContaining('(rule Read(*.png))')])
  })
})

test('the next candidate gets the files again, and hears what has become of them', async () => {
  launchSupervisedAgent(manual.supervisor, 'me', {
    ...unroutedRequest,
    cwd: folder,
    files: ['a.png', 'b.png'],
  })
  const first = await manual.opened()
  writeFileSync(path('a.png'), Buffer.concat([png, png]))
  rmSync(path('b.png'))
  first.sink({ type: 'turn-ended', turnId: 'm2', outcome: { type: 'failed', failure } })
  first.sink({ type: 'session-closed' })
  const next = [...manual.codex.sessions, ...manual.driver.sessions].find(
    (session) => session !== first && session.sent.length === 0,
  )
  await next?.open()
  expect(next?.sent).toMatchObject([
    {
      files: [
        {
          path: path('a.png'),
          image: { type: 'image/png' },
          problem: 'it has changed since it was attached',
        },
        { path: path('b.png'), problem: 'it no longer exists' },
      ],
    },
  ])
  const notices = manual.journal.facts.flatMap((fact) =>
    fact.type === 'session-event-received' && fact.event.type === 'notice' ? [fact.event.text] : [],
  )
  expect(notices).toEqual([
    `attached file ${path('a.png')}: it has changed since it was attached`,
    `attached file ${path('b.png')}: it no longer exists`,
  ])
})

const failure = { reason: 'rate-limited', message: 'later' } as const

test('a file that a link replaced is not read', async () => {
  launched(['a.png'])
  rmSync(path('a.png'))
  symlinkSync('/etc/hostname', path('a.png'))
  expect((await manual.opened()).sent).toMatchObject([
    { files: [{ path: path('a.png'), problem: 'it is now a link' }] },
  ])
})

test('files of a message are checked as those of a launch, and reach the next turn', async () => {
  const agentId = launched([]).profile.id
  const session = await manual.opened()
  session.finish()
  const message = { agentId, text: 'look', steer: false, caller: 'me' }
  expect(codeOf(() => sendMessage(manual.supervisor, { ...message, files: ['gone'] }))).toBe(
    'invalid-parameter',
  )
  sendMessage(manual.supervisor, { ...message, files: ['a.png'] })
  expect(session.sent.at(-1)).toMatchObject({ text: 'look', files: [{ path: path('a.png'), image }] })
})
