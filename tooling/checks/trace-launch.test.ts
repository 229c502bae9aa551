import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { traceLaunch } from './trace-launch.js'

test('follows a call from the shim to the child process, over promises and timers', async () => {
  const { shim, daemon } = await traceLaunch(fileURLToPath(new URL('../..', import.meta.url)))
  expect(shim.path).toContain('apps/cli/src/shim/carry-messages.ts')
  const places = [
    'mcp-server/src/tools/launch-agent.ts',
    'core/src/launch/launch.ts',
    'driver-kit/src/child.ts',
  ].map((file) => daemon.path.indexOf(`packages/${file}`))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((left, right) => left - right))
  expect(daemon.run).toEqual(expect.arrayContaining([...daemon.path]))
})
