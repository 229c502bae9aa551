import { describe, expect, it } from 'vitest'
import { childStarter, groupStarter, until } from '../children.test.support.js'
import {
  findPermissionCeilings,
  findEnclosingChild,
  computeNestingDepth,
  createNestingVariables,
  findCallerMailboxName,
} from './nesting.js'
import { trySignalProcess } from '../processes/process-group.js'

const startGroup = groupStarter()
const startChild = childStarter()

/** A shell that starts another one below it with a clean environment, as Codex starts an MCP server. */
const startsStripped = ['sh', '-c', 'env -i sh -c "echo \\$\\$; exec sleep 1000"; :']

it.each([
  [{}, 0],
  [{ SUBAGENT_MCP_DEPTH: '2' }, 2],
  [{ SUBAGENT_MCP_DEPTH: '0' }, 0],
  [{ SUBAGENT_MCP_DEPTH: 'deep' }, 0],
  [{ SUBAGENT_MCP_DEPTH: '-1' }, 0],
  [{ SUBAGENT_MCP_DEPTH: '' }, 0],
])('is what the environment says: %o is %i', (environment, expected) => {
  expect(computeNestingDepth({ environment })).toBe(expected)
})

it('comes back as it was given, and is 1 unless it is', () => {
  expect(computeNestingDepth({ environment: createNestingVariables({ depth: 3 }) })).toBe(3)
  expect(computeNestingDepth({ environment: createNestingVariables({}) })).toBe(1)
})

const ceiling = '["ask",["Bash(rm *) 100% ü"]]'

it.each([
  [{ SUBAGENT_MCP_DEPTH: '1' }, []],
  [{ SUBAGENT_MCP_CEILING: 'c' }, []],
  [{ SUBAGENT_MCP_DEPTH: '0', SUBAGENT_MCP_CEILING: 'c' }, []],
  [{ SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_CEILING: 'c' }, ['c']],
  [{ SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_CEILING: '' }, ['']],
  [{ SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_CEILING: '50%' }, ['50%']],
  [createNestingVariables({ ceiling }), [ceiling]],
])('has the ceilings that the environment says, below depth 0: %o has %o', (environment, expected) => {
  expect(findPermissionCeilings({ environment })).toEqual(expected)
})

it.each([
  [{}, undefined],
  [{ SUBAGENT_MCP_MAILBOX: '' }, undefined],
  [{ SUBAGENT_MCP_MAILBOX: 'web' }, 'web'],
])(
  'has the mailbox that the environment says, where nothing is around it: %o has %s',
  (environment, name) => {
    expect(findCallerMailboxName({ environment })).toBe(name)
  },
)

describe.skipIf(process.platform === 'win32')('a caller with ancestors', () => {
  it.each([
    ['web', '', 'web'],
    ['web', 'SUBAGENT_MCP_MAILBOX=api', 'web'],
    ['web', 'SUBAGENT_MCP_NONCE=b.1 SUBAGENT_MCP_MAILBOX=api', 'web'],
    ['web', '-i', 'web'],
    ['', 'SUBAGENT_MCP_MAILBOX=api', undefined],
  ])(
    'has the mailbox of the outermost child of ours around it, whatever it says itself: %s, %s',
    async (SUBAGENT_MCP_MAILBOX, own, expected) => {
      const { lines } = startGroup.telling(
        ['sh', '-c', `env ${own} sh -c "echo \\$\\$; exec sleep 1000"; :`],
        { SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_MAILBOX },
      )
      await until(() => lines.length === 1)
      const pid = Number(lines[0])
      expect(findCallerMailboxName({ environment: { SUBAGENT_MCP_MAILBOX: 'api' }, pid })).toBe(expected)
    },
  )

  it.each(['', 'SUBAGENT_MCP_NONCE=b.1', '-i'])(
    'is inside of the outermost child of ours around it, whatever it says itself: %s',
    async (own) => {
      const { lines } = startGroup.telling(
        ['sh', '-c', `echo $$; env ${own} sh -c "echo \\$\\$; exec sleep 1000"; :`],
        { SUBAGENT_MCP_NONCE: 'a.1' },
      )
      await until(() => lines.length === 2)
      const [child, pid] = lines.map(Number)
      const environment = { SUBAGENT_MCP_NONCE: 'c.1' }
      expect(findEnclosingChild({ environment, ...(pid && { pid }) })).toEqual({ mark: 'a.1', pid: child })
      expect(findEnclosingChild({ environment })).toEqual({ mark: 'c.1' })
      expect(findEnclosingChild({ environment: {}, pid: process.pid })).toBeUndefined()
    },
  )

  it('has the mailbox that it says, in a child that was not told one', async () => {
    const { lines } = startGroup.telling(startsStripped, { SUBAGENT_MCP_NONCE: 'a.1' })
    await until(() => lines.length === 1)
    expect(
      findCallerMailboxName({ environment: { SUBAGENT_MCP_MAILBOX: 'api' }, pid: Number(lines[0]) }),
    ).toBe('api')
  })

  it('has not the mailbox of those that started the process which starts children', async () => {
    const { lines } = startGroup.telling(
      ['sh', '-c', 'echo $$; SUBAGENT_MCP_MAILBOX=api sh -c "echo \\$\\$; exec sleep 1000"; :'],
      { SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_MAILBOX: 'web' },
    )
    await until(() => lines.length === 2)
    const [starter, pid] = lines.map(Number)
    expect(findCallerMailboxName({ environment: {}, ...(pid && { pid }) }, starter)).toBe('api')
    // It asks for itself, as a server of one host does.
    expect(findCallerMailboxName({ environment: {}, ...(starter && { pid: starter }) }, starter)).toBe('web')
  })

  it.each([
    [{ SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_DEPTH: '2' }, 2],
    [{ SUBAGENT_MCP_NONCE: 'a.1' }, 1],
    [{ SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_DEPTH: '0' }, 1],
    [{ SUBAGENT_MCP_DEPTH: '2' }, 0],
  ])(
    'whose environment does not say is as deep as the child of ours around it: %o is %i',
    async (marks, expected) => {
      const { lines } = startGroup.telling(startsStripped, marks)
      await until(() => lines.length === 1)
      expect(computeNestingDepth({ environment: {}, pid: Number(lines[0]) })).toBe(expected)
    },
  )

  it.each([
    ['0', 2],
    ['1', 2],
    ['3', 3],
  ])('is no less deep when it says %s: %i', async (SUBAGENT_MCP_DEPTH, expected) => {
    const marks = { SUBAGENT_MCP_NONCE: 'a.1', SUBAGENT_MCP_DEPTH: '2' }
    const { lines } = startGroup.telling(startsStripped, marks)
    await until(() => lines.length === 1)
    expect(computeNestingDepth({ environment: { SUBAGENT_MCP_DEPTH }, pid: Number(lines[0]) })).toBe(expected)
  })

  it('is found below a child as it is really started', async () => {
    const [command = '', ...args] = startsStripped
    const environment = { PATH: process.env['PATH'] ?? '', ...createNestingVariables({ depth: 1 }) }
    const { lines } = startChild(command, args, { environment })
    await until(() => lines.length === 1)
    expect(computeNestingDepth({ environment: {}, pid: Number(lines[0]) })).toBe(1)
  })

  it.each([
    [{}, ['c', ceiling]],
    [{ SUBAGENT_MCP_CEILING: undefined }, [ceiling]],
    [createNestingVariables({ ceiling }), [ceiling]],
  ])('has the ceiling of the child of ours around it, and its own: %o', async (more, expected) => {
    const { lines } = startGroup.telling(startsStripped, {
      SUBAGENT_MCP_NONCE: 'a.1',
      ...createNestingVariables({ ceiling }),
    })
    await until(() => lines.length === 1)
    const environment = { SUBAGENT_MCP_CEILING: 'c', ...more }
    expect(findPermissionCeilings({ environment, pid: Number(lines[0]) })).toEqual(expected)
  })

  it('is as deep as the deepest child of ours around it, with the ceilings of all, when it inherits the mark', async () => {
    const own = 'SUBAGENT_MCP_DEPTH=1 SUBAGENT_MCP_CEILING=wide'
    const { lines } = startGroup.telling(['sh', '-c', `${own} sh -c "echo \\$\\$; exec sleep 1000"; :`], {
      SUBAGENT_MCP_NONCE: 'a.1',
      ...createNestingVariables({ depth: 3, ceiling: 'narrow' }),
    })
    await until(() => lines.length === 1)
    const environment = { SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_CEILING: 'wide' }
    const caller = { environment, pid: Number(lines[0]) }
    expect(computeNestingDepth(caller)).toBe(3)
    expect(findPermissionCeilings(caller)).toEqual(['wide', 'narrow'])
  })

  it('is a host when it is gone', async () => {
    const pid = startGroup(['true'])
    await until(() => !trySignalProcess(-pid, 0))
    expect(computeNestingDepth({ environment: {}, pid })).toBe(0)
  })
})
