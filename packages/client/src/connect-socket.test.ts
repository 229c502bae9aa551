import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectLocalSocket } from './connect-socket.js'

// Nothing is forbidden to root.
test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a socket that the client may not open is reported, and not taken for a missing daemon',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'socket-'))
    const path = join(folder, 'daemon.sock')
    expect(await connectLocalSocket(path)).toBeUndefined()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(path, resolve))
    chmodSync(path, 0)
    await expect(connectLocalSocket(path)).rejects.toMatchObject({ code: 'daemon-unreachable' })
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  },
)
