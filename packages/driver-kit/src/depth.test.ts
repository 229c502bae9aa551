import { describe, expect, it } from 'vitest'
import { childStarter, groupStarter, until } from './children.test.support.js'
import { depthOf, depthVariables } from './depth.js'
import { signalIfThere } from './process-group.js'

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
  expect(depthOf({ environment })).toBe(expected)
})

it('comes back as it was given, and is 1 unless it is', () => {
  expect(depthOf({ environment: depthVariables({ depth: 3 }) })).toBe(3)
  expect(depthOf({ environment: depthVariables({}) })).toBe(1)
})

describe.skipIf(process.platform === 'win32')('a caller with ancestors', () => {
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
      expect(depthOf({ environment: {}, pid: Number(lines[0]) })).toBe(expected)
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
    expect(depthOf({ environment: { SUBAGENT_MCP_DEPTH }, pid: Number(lines[0]) })).toBe(expected)
  })

  it('is found below a child as it is really started', async () => {
    const [command = '', ...args] = startsStripped
    const environment = { PATH: process.env['PATH'] ?? '', ...depthVariables({ depth: 1 }) }
    const { lines } = startChild(command, args, { environment })
    await until(() => lines.length === 1)
    expect(depthOf({ environment: {}, pid: Number(lines[0]) })).toBe(1)
  })

  it('is a host when it is gone', async () => {
    const pid = startGroup(['true'])
    await until(() => !signalIfThere(-pid, 0))
    expect(depthOf({ environment: {}, pid })).toBe(0)
  })
})
