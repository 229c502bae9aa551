import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { expect } from 'vitest'
import { testEachCli, type Provider } from './each-provider.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

/** Returns a picture of 8 × 8 pixels in one color as a PNG file. */
function png(red: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0])
  const row = Buffer.from([0, ...Array.from({ length: 8 }, () => [red, 20, 30]).flat()])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: 8 }, () => row)))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const chunks = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...chunks])
}

testEachCli(
  '[attachments] %s sends the bytes of an attached image to its model, at launch and with a message, and other files by path',
  { locally: [] },
  async (provider: Provider) => {
    const { host, home, launch, model, subagentMcp } = stage()
    const [first, second] = [png(200), png(90)]
    writeFileSync(join(home.cwd, 'shot'), first)
    writeFileSync(join(home.cwd, 'second.jpg'), second)
    writeFileSync(join(home.cwd, 'notes.txt'), 'some notes')
    const id = await launch('/look at [[say: seen]]', { provider, files: ['shot', 'notes.txt'] })
    expect((await host.call('wait', { until: 'all' })).text).toContain('seen')
    const asked = model.requests.findLast(({ userText }) => userText?.includes('[[say: seen]]'))
    expect(asked?.bodyText).toContain(first.toString('base64'))
    expect(asked?.userText).toContain(JSON.stringify(join(home.cwd, 'notes.txt')))
    expect(asked?.bodyText).not.toContain('some notes')
    await subagentMcp('send', id, 'And this? [[say: both seen]]', '--file', 'second.jpg', '--wait')
    const next = model.requests.findLast(({ userText }) => userText?.includes('[[say: both seen]]'))
    expect(next?.bodyText).toContain(second.toString('base64'))
    expect(await subagentMcp('logs', id)).toContain(`attached ${join(home.cwd, 'second.jpg')}`)
  },
)
