import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { readKeysTypedFromNow } from './keyboard.js'

test('what was typed before a question was seen is not its answer, but Ctrl-C is heard', async () => {
  const keyboard = Object.assign(new PassThrough(), { setRawMode: () => undefined })
  keyboard.write('y\n')
  const { typed, close } = readKeysTypedFromNow(keyboard)
  let heard = ''
  typed.on('data', (keys: Buffer) => (heard += String(keys)))
  keyboard.write('y\n\u0003y\n')
  await vi.waitUntil(() => heard !== '')
  expect(heard).toBe('\u0003')
  await vi.waitUntil(() => {
    keyboard.write('.')
    return heard.length > 1
  })
  expect(heard).toBe(`\u0003${'.'.repeat(heard.length - 1)}`)
  close()
  keyboard.write('later')
  expect(keyboard.readableFlowing).toBe(false)
})
