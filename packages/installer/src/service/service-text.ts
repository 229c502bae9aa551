export type ServiceCommand = {
  command: readonly string[]
  environment: Readonly<Record<string, string>>
  /** The time that the daemon gets to end its turns before the system kills it. */
  stopSeconds: number
}

export const serviceFileMarker =
  'Written by subagent-mcp service install; subagent-mcp service uninstall removes it'

export function formatSystemdUnit({ command, environment, stopSeconds }: ServiceCommand): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${unitWord(`${name}=${value}`)}`,
  )
  const words = command.map((word) => unitWord(word).replaceAll('$', '$$$$'))
  return `# ${serviceFileMarker}
[Unit]
Description=subagent-mcp, the daemon that runs agents and workers

[Service]
Type=exec
ExecStart=${words.join(' ')}
${variables.join('\n')}
Restart=on-failure
RestartSec=5
# What it runs it ends itself, in order; its workers outlive a crash, and the next one goes on with them.
KillMode=process
TimeoutStopSec=${stopSeconds}

[Install]
WantedBy=default.target
`
}

export const launchdLabel = 'io.github.subagent-mcp'

/** The text of a launchd property list for one user. */
export function formatLaunchdPlist({ command, environment, stopSeconds }: ServiceCommand): string {
  const words = command.map((word) => `    <string>${xmlText(word)}</string>`)
  const variables = Object.entries(environment).flatMap(([name, value]) => [
    `    <key>${xmlText(name)}</key>`,
    `    <string>${xmlText(value)}</string>`,
  ])
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${serviceFileMarker} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${launchdLabel}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join('\n')}
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
  <integer>${stopSeconds}</integer>
</dict>
</plist>
`
}

/** A quoted word of a unit. A percent sign is doubled, because it begins a specifier of systemd. */
function unitWord(word: string): string {
  const plain = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `"${plain.replaceAll('%', '%%')}"`
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
