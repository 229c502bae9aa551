import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runTimedCommand } from '../child/run-timed-command.js'
import { createWatchdog } from '../child/watchdog.js'
import { createManualClock } from '../manual-clock.test.support.js'
import { addCliFolderToPath } from '../child/spawn-process.js'
import { locateCliExecutable } from './cli.js'

/** The PATH that a program gets which a desktop starts. */
const PATH = '/usr/bin:/bin'
const command = 'subagent-mcp-test-cli'

describe.skipIf(process.platform === 'win32')('a host that a desktop has started', () => {
  const home = mkdtempSync(join(tmpdir(), 'short-path-'))
  afterAll(() => {
    rmSync(home, { recursive: true })
  })

  it.each(['.nvm/versions/node/v22.1.0/bin', '.volta/bin', '.npm-global/bin', '.local/bin'])(
    'finds a CLI in %s and runs it with the node that it looks for',
    async (folder) => {
      const file = join(home, folder, command)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, '#!/usr/bin/env node\nconsole.log("version 1.2.3")\n')
      chmodSync(file, 0o755)
      const environment = { PATH, HOME: home }
      const cli = { label: 'test', command, executableVariable: 'NONE', installHint: '', signInHint: '' }
      expect(locateCliExecutable(cli, environment)).toEqual({ command: file })
      const watchdog = createWatchdog()
      const { exit, output } = await runTimedCommand({
        // A PATH without node, which this machine may have in /usr/bin.
        ...{ command: file, args: [], environment: { ...environment, PATH: '/nowhere' } },
        ...{ watchdog, clock: createManualClock(), deadlineMs: 60_000 },
      })
      await watchdog.close()
      expect([exit.code, output]).toEqual([0, 'version 1.2.3'])
      rmSync(file)
    },
  )
})

it('adds the folder of a program and that of our Node only where PATH has not led to it', () => {
  const node = dirname(process.execPath)
  expect(addCliFolderToPath('/usr/bin/claude', { PATH }, 'linux')).toEqual({ PATH })
  expect(addCliFolderToPath('claude', { PATH }, 'linux')).toEqual({ PATH })
  expect(addCliFolderToPath('/h/bin/claude', { PATH: '/opt/x' }, 'linux')).toEqual({
    PATH: `/opt/x:/h/bin:${node}`,
  })
  expect(addCliFolderToPath('/h/bin/claude', {}, 'linux')).toEqual({})
  const onWindows = addCliFolderToPath('C:\\v\\claude.cmd', { Path: 'C:\\x' }, 'win32')
  expect(onWindows.Path).toMatch(/^C:\\x;C:\\v;/)
})
