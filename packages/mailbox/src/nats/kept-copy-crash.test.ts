import { checkForLeaks, needsNats, startNats, thorough } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../command.js'
import { atEnd, ending } from './endings.test.support.js'
import { boss, openFleetMachine } from './fleet.test.support.js'
import { keptIn, linesIn, makeFolder, publishAll } from './kept-copy.test.support.js'
import { startMachineProcess } from './machine-processes.test.support.js'
import { registerCommand, sendCommand, takeCommand } from './machines.test.support.js'

const lines = process.env['SOAK'] === '1' ? 100_000 : 12_000
const kills = process.env['SOAK'] === '1' ? 15 : 2

describe('a copy in a file, of a process that is killed', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('in the midst of catching up, again and again, becomes what a fresh one is', thorough, async () => {
    const [url, folder, fresh] = [await server(), makeFolder(), makeFolder()]
    await publishAll(url, commandsOf(lines))
    let had = 0
    for (let kill = 0; kill < kills; kill++) {
      const machine = startMachineProcess({ url, folder }, `await open(); print('open')`)
      await machine.until('applied 50')
      await vi.waitUntil(() => linesIn(folder) > had, { timeout: 30_000, interval: 2 })
      await machine.kill()
      expect(machine.lines.filter((line) => line.startsWith('log') || line === 'open')).toEqual([])
      had = linesIn(folder)
    }
    const last = startMachineProcess({ url, folder }, `await open(); print('open')`)
    await last.until('open')
    expect(last.lines.filter((line) => line.startsWith('log'))).toEqual([])
    expect(last.lines.at(-2)).toBe(`applied ${Math.floor((lines + 1 - had) / 50) * 50}`)
    const told = last.lines.length
    await publishAll(url, commandsOf(90))
    await vi.waitUntil(() => last.lines.length > told, { timeout: 30_000, interval: 2 })
    await last.kill()
    for (const where of [folder, fresh]) {
      const machine = startMachineProcess(
        { url, folder: where },
        `const log = await open(); await log.close(); print('closed')`,
      )
      await machine.until('closed')
      await machine.kill()
    }
    expect(keptIn(folder)).toEqual(keptIn(fresh))
  })

  test('when its file cannot grow is made anew in memory, and all that was said stays true', async () => {
    const [url, folder] = [await server(), makeFolder()]
    const script = `
      const log = await open()
      const send = async (body) => {
        const outcome = await log.run({ type: 'send', id: body, from: { name: 'boss', host: 'h', through: 'agent' }, to: 'worker', body: body.padEnd(2000), thread: body, expectsReply: true })
        if (outcome.type !== 'sent') print('log ' + JSON.stringify(outcome))
      }
      await log.run(${JSON.stringify(registerCommand('i'))})
      for (let count = 0; count < 400; count += 1) await send('m' + count)
      print('waiting ' + log.state().threads({ limit: 1000 }).length)
    `
    const machine = startMachineProcess({ url, folder, limit: 400 }, script)
    await machine.until('waiting')
    expect(machine.lines).toContain('waiting 400')
    expect(machine.lines.filter((line) => line.startsWith('log'))).toEqual([
      expect.stringContaining('in memory until it is opened again'),
    ])
    await machine.kill()
    const again = startMachineProcess(
      { url, folder },
      `print('waiting ' + (await open()).state().threads({ limit: 1000 }).length)`,
    )
    await again.until('waiting 400')
    await again.kill()
  })

  test('with a handler that held a message: the next process of this home has it leave, and gets the message', async () => {
    const [url, folder] = [await server(), makeFolder()]
    const first = startMachineProcess(
      { url, folder },
      `
      const mailbox = await openMailbox({ keeper: 'home' })
      const handler = { instance: 'w', kind: 'worker', pid: process.pid, startTime: '1', host: 'h' }
      await mailbox.register({ name: 'worker', project: 'p', capabilities: [], topics: [], wakes: 'high', handler })
      await mailbox.send({ from: ${JSON.stringify(boss)}, to: 'worker', body: 'do it' })
      await mailbox.next({ agent: 'worker', instance: 'w', leaseMs: 3600000, waitMs: 5000 }, new AbortController().signal)
      print('taken')
    `,
    )
    await first.until('taken')
    await first.kill()
    const options = { url, namespace: 'test', keeper: 'home', folder, isAlive: () => false }
    const { mailbox, logged } = await openFleetMachine('again', options)
    atEnd(() => mailbox.close())
    expect(logged).toEqual([])
    expect((await mailbox.agents()).map(({ handlers }) => handlers.length)).toEqual([0, 0])
    const order = { agent: 'worker', instance: 'v', leaseMs: 1_000, waitMs: 5_000 }
    const batch = await mailbox.next(order, new AbortController().signal)
    expect(batch?.messages.map(({ body }) => body)).toEqual(['do it'])
  })
})

/** What a fleet does all day: messages are sent, taken and acknowledged. */
function commandsOf(count: number): Command[] {
  const work = Array.from({ length: count / 3 }, (_, index): Command[] => {
    const take = `${index}-${count}`
    return [
      sendCommand('x'.repeat(300)),
      { ...takeCommand('i'), take },
      { type: 'acknowledge', take, ids: null },
    ]
  })
  return [registerCommand('i'), ...work.flat()]
}

async function server(): Promise<string> {
  const nats = await startNats()
  atEnd(() => nats.end())
  return nats.url
}
