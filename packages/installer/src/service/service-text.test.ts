import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { formatLaunchdPlist, formatSystemdUnit } from './service-text.js'

const program = {
  command: ['/opt/my node/bin/node', '/p/50%/$x "q"\\.js', 'daemon', 'run', '--log'],
  environment: { PATH: '/usr/bin:/a & <b>', SUBAGENT_MCP_HOME: '/h/100%' },
  stopSeconds: 40,
}

test('the unit for systemd', () => {
  expect(formatSystemdUnit(program))
    .toBe(String.raw`# Written by subagent-mcp service install; subagent-mcp service uninstall removes it
[Unit]
Description=subagent-mcp, the daemon that runs agents and workers

[Service]
Type=exec
ExecStart="/opt/my node/bin/node" "/p/50%%/$$x \"q\"\\.js" "daemon" "run" "--log"
Environment="PATH=/usr/bin:/a & <b>"
Environment="SUBAGENT_MCP_HOME=/h/100%%"
Restart=on-failure
RestartSec=5
# What it runs it ends itself, in order; its workers outlive a crash, and the next one goes on with them.
KillMode=process
TimeoutStopSec=40

[Install]
WantedBy=default.target
`)
})

const analyzer = '/usr/bin/systemd-analyze'

test.skipIf(!existsSync(analyzer))('systemd takes the unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, 'subagent-mcp.service')
  const verify = (command: readonly string[]): string => {
    writeFileSync(path, formatSystemdUnit({ ...program, command }))
    return execFileSync(analyzer, ['--user', 'verify', path], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder },
    })
  }
  expect(verify([process.execPath, ...program.command.slice(1)])).toBe('')
  expect(() => verify(['no/whole/path'])).toThrow('Command failed')
})

test('the property list for launchd', () => {
  const text = formatLaunchdPlist(program)
  const [, body] = text.split('<plist version="1.0">\n')
  expect(text).toContain('<!-- Written by subagent-mcp service install;')
  expect(body).toBe(`<dict>
  <key>Label</key>
  <string>io.github.subagent-mcp</string>
  <key>ProgramArguments</key>
  <array>
    <string>/opt/my node/bin/node</string>
    <string>/p/50%/$x "q"\\.js</string>
    <string>daemon</string>
    <string>run</string>
    <string>--log</string>
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>
    <string>/usr/bin:/a &amp; &lt;b&gt;</string>
    <key>SUBAGENT_MCP_HOME</key>
    <string>/h/100%</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>ExitTimeOut</key>
  <integer>40</integer>
</dict>
</plist>
`)
})
