import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containing } from '../../daemon/cli-daemon.test.support.js'
import { useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

function configure(notify: object): void {
  const folder = join(theRuntime().home, 'ours')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'config.jsonc'), JSON.stringify({ notify }))
}

test('says that nothing is set up, and where it would be', async () => {
  const { run } = theRuntime()
  expect(await run(['notify'])).toMatchObject({ code: 0, stdout: containing('notify: off') })
  const config = join('ours', 'config.jsonc')
  expect(await run(['notify', '--test'])).toMatchObject({ code: 1, stderr: containing(config) })
})

test('sends a test to each way that is set up, and says which failed, without the address', async () => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(String(chunk)))
    request.on('end', () => response.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  configure({ webhook: `http://127.0.0.1:${port}/secret`, command: ['is-not'], on: ['asks'] })
  const { run } = theRuntime()
  const tested = await run(['notify', '--test'])
  const shown = await run(['notify'])
  server.closeAllConnections()
  server.close()
  expect(tested.code).toBe(1)
  expect(tested.stdout.split('\n').toSorted()).toEqual([
    '',
    'command: it cannot be started (ENOENT)',
    'webhook: sent',
  ])
  expect(bodies).toEqual([containing('This is a test')])
  expect(shown.stdout).toContain('notify: by command, webhook, when an agent asks (5 s)')
  expect(shown.stdout).toContain('notify: command: there is no is-not on PATH')
  expect(JSON.stringify([tested, shown])).not.toContain('secret')
})
