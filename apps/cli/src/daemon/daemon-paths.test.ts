import { expect, test } from 'vitest'
import { getDaemonLogPath, getDaemonSocketPath } from './daemon-paths.js'

const containing = (text: string): unknown => expect.stringContaining(text)
const home = { SUBAGENT_MCP_HOME: '/h' }

test('file names contain the version, so an old and a new daemon do not conflict', () => {
  expect(getDaemonSocketPath(home, '1.2.3', 'linux')).toBe('/h/run/daemon-1.2.3.sock')
  expect(getDaemonLogPath(home, '1.2.3')).toBe('/h/daemon-1.2.3.log')
})

test('on Windows the pipe is named after the folder', () => {
  const environment = { SUBAGENT_MCP_HOME: '/Users/Me' }
  expect(getDaemonSocketPath(environment, '1.2.3', 'win32')).toMatch(
    /^\\\\\.\\pipe\\subagent-mcp-[^\\/:A-Z]*users-me-1\.2\.3$/,
  )
})

test.each([
  ['linux', 107],
  ['darwin', 103],
] as const)('on %s a path may have %d bytes, and no more', (platform, longest) => {
  const folder = (length: number) => ({
    SUBAGENT_MCP_HOME: `/${'x'.repeat(length - '//run/daemon-1.2.3.sock'.length)}`,
  })
  expect(getDaemonSocketPath(folder(longest), '1.2.3', platform)).toHaveLength(longest)
  expect(() => getDaemonSocketPath(folder(longest + 1), '1.2.3', platform)).toThrow(
    expect.objectContaining({ code: 'io-failed', message: containing(`${longest + 1} bytes`) }),
  )
})
