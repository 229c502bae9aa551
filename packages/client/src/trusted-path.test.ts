import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { connectDaemon } from './connect-daemon.js'
import { isUnixGroupOfOneUser } from './unix-group-of-one-user.js'
import { checkTrustedPath } from './trusted-path.js'

let folder: string
/** A path in a trusted folder that has `state/run/d.sock`, and `link`, which leads to `state`. */
const at = (...names: string[]): string => join(folder, ...names)
const socket = (): string => at('state', 'run', 'd.sock')
const throughLink = (): string => at('link', 'run', 'd.sock')

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'own-place-')))
  mkdirSync(at('state', 'run'), { recursive: true })
  for (const path of [folder, at('state')]) chmodSync(path, 0o755)
  writeFileSync(socket(), '')
  symlinkSync('state', at('link'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a trusted path passes, also through a link, in a folder with the sticky bit, and when it does not exist', () => {
  chmodSync(at('state'), 0o1777)
  for (const path of [socket(), throughLink(), at('state', 'no', 'such', 'socket')]) checkTrustedPath(path)
  checkTrustedPath('/')
})

test.each([
  ['the state folder, by everybody', 0o777, 'state'],
  ['the state folder, by everybody but its group', 0o707, 'state'],
  ['the folder of the sockets', 0o757, join('state', 'run')],
  ['a folder above', 0o777, ''],
])('refuses a path where others can change %s', (_name, mode, name) => {
  chmodSync(at(name), mode)
  for (const path of [socket(), throughLink()])
    expect(() => {
      checkTrustedPath(path)
    }).toThrow(`${at(name)} can be changed by other users (mode 0${mode.toString(8)})`)
})

test.each(['700', '744'])(
  'nobody else can change what is in a folder with mode %s, unless a link leads out of it',
  (mode) => {
    mkdirSync(at('home', 'state'), { recursive: true })
    for (const path of [at('home', 'state'), at('state', 'run')]) chmodSync(path, 0o777)
    chmodSync(at('home'), Number.parseInt(mode, 8))
    checkTrustedPath(at('home', 'state', 'd.sock'))
    symlinkSync('../../state/run', at('home', 'state', 'run'))
    expect(() => {
      checkTrustedPath(at('home', 'state', 'run', 'd.sock'))
    }).toThrow(`${at('state', 'run')} can be changed by other users`)
    for (const open of [0o710, 0o701]) {
      chmodSync(at('home'), open)
      expect(() => {
        checkTrustedPath(at('home', 'state', 'd.sock'))
      }).toThrow(`${at('home', 'state')} can be changed by other users`)
    }
  },
)

test.each([
  ["with the user's name", 'ann:x:1007:', true],
  ['with nobody but the user in it', 'ann:x:1007:ann', true],
  ['with another member', 'ann:x:1007:ann,bob', false],
  ['with another name', 'staff:x:1007:', false],
  ['that is not listed', 'other:x:5:', false],
  ['that is the first one of another user too', 'ann:x:1008:', false],
])('a group %s is private to the user: %s', (_name, groups, expected) => {
  const users =
    'root:x:0:0::/root:/bin/sh\nann:x:1001:1007::/home/ann:/bin/sh\nbob:x:1002:1008::/home/bob:/bin/sh\n'
  const gid = groups.includes('1008') ? 1008 : 1007
  expect(isUnixGroupOfOneUser(gid, 1001, { groups: `root:x:0:\n${groups}\n`, users })).toBe(expected)
})

test("a group with the user's number is private, unless another user is in it", () => {
  expect(isUnixGroupOfOneUser(1001, 1001, { groups: '', users: '' })).toBe(true)
  expect(isUnixGroupOfOneUser(1001, 1001, { groups: 'app:x:1001:', users: '' })).toBe(true)
  expect(isUnixGroupOfOneUser(1001, 1001, { groups: 'ann:x:1001:bob', users: 'ann:x:1001:1001:::' })).toBe(
    false,
  )
})

test('a link to itself is an error and no endless loop', () => {
  symlinkSync('b', at('a'))
  symlinkSync('a', at('b'))
  expect(() => {
    checkTrustedPath(at('a', 'x'))
  }).toThrow('too many links')
})

const isRoot = process.geteuid?.() === 0

describe.skipIf(!isRoot)('a second user (needs root)', () => {
  const [other, another] = [12_345, 12_346]

  test.each([
    ['the state folder', 'state'],
    ['the folder of the sockets', join('state', 'run')],
    ['the socket', join('state', 'run', 'd.sock')],
    ['a folder above', ''],
  ])('refuses a path where %s belongs to that user', (_name, name) => {
    chownSync(at(name), other, other)
    const error = `${at(name)} belongs to user ${other}, and not to you (user 0)`
    for (const path of [socket(), throughLink()])
      expect(() => {
        checkTrustedPath(path)
      }).toThrow(error)
  })

  test('refuses a link of that user in a folder where everybody may create links', () => {
    chmodSync(folder, 0o1777)
    lchownSync(at('link'), other, other)
    checkTrustedPath(socket())
    expect(() => {
      checkTrustedPath(throughLink())
    }).toThrow(`${at('link')} belongs to user ${other}`)
  })

  test('a user trusts root and the private group, and no other user', () => {
    chownSync(folder, other, other)
    chmodSync(folder, 0o775)
    asUser(other, () => {
      checkTrustedPath(socket())
    })
    chownSync(folder, other, another)
    asUser(other, () => {
      expect(() => {
        checkTrustedPath(socket())
      }).toThrow('can be changed by other users (mode 0775)')
    })
    chownSync(folder, another, another)
    asUser(other, () => {
      expect(() => {
        checkTrustedPath(socket())
      }).toThrow(`belongs to user ${another}, and not to you (user ${other})`)
    })
  })

  test('no group counts as private to root', () => {
    chmodSync(at('state'), 0o770)
    expect(() => {
      checkTrustedPath(socket())
    }).toThrow('mode 0770')
  })

  test('a client sends nothing to an untrusted socket', async () => {
    const socketPath = join(folder, 'daemon.sock')
    let requests = 0
    const server = createServer((_, response) => {
      requests += 1
      response.end('up 1')
    })
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    onTestFinished(() => void server.close())
    const client = connectDaemon({ socketPath })
    chownSync(socketPath, other, other)
    await expect(client.metrics()).rejects.toThrow(`belongs to user ${other}`)
    expect(requests).toBe(0)
    chownSync(socketPath, 0, 0)
    expect(await client.metrics()).toBe('up 1')
  })
})

function asUser(user: number, act: () => void): void {
  process.seteuid?.(user)
  try {
    act()
  } finally {
    process.seteuid?.(0)
  }
}
