import { thorough } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, containing, daemonPid } from '../daemon/cli-daemon.test.support.js'

const theRuntime = useCliRuntime()

/** A fake `systemctl`: runs the command of the service's file in a session of its own, as systemd does. */
const systemctl = `#!/bin/sh
echo "$*" >> "$HOME/systemctl.log"
unit="$HOME/.config/systemd/user/subagent-mcp.service"
case "$*" in
  *enable*)
    line=$(/usr/bin/sed -n 's/^ExecStart=//p' "$unit")
    /usr/bin/env -i HOME="$HOME" SUBAGENT_MCP_HOME="$SUBAGENT_MCP_HOME" \\
      /usr/bin/setsid /bin/sh -c "exec $line" > /dev/null 2>&1 &
    ;;
esac
`

test.skipIf(process.platform !== 'linux')(
  'a service is shown, installed with a fleet, and removed; its daemon writes into the log',
  thorough,
  async () => {
    const { run, home, log } = theRuntime()
    const unit = join(home, '.config/systemd/user/subagent-mcp.service')
    const bin = join(home, 'bin')
    for (const folder of [bin, join(home, 'shop')]) mkdirSync(folder)
    writeFileSync(join(bin, 'systemctl'), systemctl, { mode: 0o755 })
    const file = join(home, 'workers.yaml')
    writeFileSync(file, 'workers: [folder: shop]')
    const variables = { PATH: bin }
    const service = (...words: string[]) => run(['service', ...words], variables)

    const shown = await service('install', '--print', '--fleet', file)
    expect(shown).toMatchObject({ code: 0, stderr: containing(`subagent-mcp fleet up ${file}\n`) })
    expect(shown.stderr).toContain(`these workers: shop in ${join(home, 'shop')}\n`)
    expect((await service('install', '--print')).stdout).toBe(shown.stdout)
    expect(await service('install', '--print', '--fleet', 'none.yaml')).toMatchObject({ code: 1, stdout: '' })
    expect(shown.stdout).toContain('"daemon" "run" "--log" "--stay"')
    expect([existsSync(unit), existsSync(join(home, 'systemctl.log'))]).toEqual([false, false])
    expect(await service('status')).toMatchObject({ code: 0, stdout: containing('no service is installed') })

    // One that is not in use gives way.
    await run(['daemon', 'start'])
    const before = await daemonPid(theRuntime())
    const installed = await service('install', '--fleet', file)
    expect(installed).toMatchObject({ code: 0, stderr: '' })
    expect(installed.stdout).toMatch(/^written .*\nthe service runs\n.*\nNAME .*\nshop +running /)
    expect(readFileSync(unit, 'utf8')).toBe(shown.stdout)
    const pid = await daemonPid(theRuntime())
    expect(pid).not.toBe(before)
    expect(log()).toContain(`daemon ${pid ?? ''} of version`)
    expect((await clientOf(theRuntime()).fleet()).file).toBe(file)

    expect(await service('uninstall')).toMatchObject({ code: 0, stdout: `removed ${unit}\n` })
    expect(existsSync(unit)).toBe(false)
    expect(readFileSync(join(home, 'systemctl.log'), 'utf8')).toContain(
      '--user disable --now subagent-mcp.service',
    )
  },
)
