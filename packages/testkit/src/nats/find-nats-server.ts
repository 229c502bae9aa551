import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where `nats-server` is, also where Debian puts it, which is not on every user's path; undefined when it is nowhere. */
export function findNatsServer(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, 'nats-server')).find((path) => existsSync(path))
}

/** Why the tests that need one are left out here; undefined where they run. In CI they do: there it is a failure. */
export function natsSkipped(): string | undefined {
  if (findNatsServer() !== undefined || process.env['CI'] === 'true') return undefined
  return 'the tests on NATS, for want of nats-server (apt install nats-server, brew install nats-server)'
}
