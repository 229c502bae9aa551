import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Returns the path of `nats-server`, also in Debian's folder, which is not on every PATH; undefined when there is none. */
export function findNatsServer(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, 'nats-server')).find((path) => existsSync(path))
}

/** Returns why tests that need `nats-server` are skipped here; undefined when they run. In CI they run, and fail without it. */
export function natsSkipped(): string | undefined {
  if (findNatsServer() !== undefined || process.env['CI'] === 'true') return undefined
  return 'the tests on NATS, for want of nats-server (apt install nats-server, brew install nats-server)'
}
