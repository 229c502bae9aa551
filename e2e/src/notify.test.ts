import { thorough } from '@subagent-mcp/testkit'
import { createServer, type Server } from 'node:http'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured', 'fake')

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Starts an HTTP server, and returns its address and the bodies that it receives. */
async function startWebhook(): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = []
  const started = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += String(chunk)))
    request.on('end', () => {
      bodies.push(body)
      response.end()
    })
  })
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const address = started.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  return { url: `http://127.0.0.1:${port}/hook`, bodies }
}

const Notice = z.object({
  event: z.string(),
  title: z.string(),
  text: z.string(),
  agents: z.array(z.unknown()),
})

test(
  '[notified] the user is notified once of an agent that ends or asks while its host does not wait, and not of one that it waits for',
  thorough,
  async () => {
    const { url, bodies } = await startWebhook()
    const { home } = stage()
    const kept = join(home.home, 'kept.jsonl')
    const script = join(home.home, 'notify.cjs')
    writeFileSync(
      script,
      `const fs = require('node:fs'); fs.appendFileSync(process.argv[2], fs.readFileSync(0, 'utf8').trim() + '\\n')`,
    )
    const notify = {
      webhook: url,
      command: [process.execPath, script, kept],
      after: { asks: 0.2, ended: 0.5 },
    }
    const { host, launch, restart } = await stage().configure({ notify })
    const notices = () => bodies.map((body) => Notice.parse(JSON.parse(body)))

    const waited = await launch('[[say: the waited answer]]', { name: 'waited' })
    expect((await host.call('wait', { agent_ids: [waited] })).text).toContain('the waited answer')
    const ended = await launch('[[say: the secret answer]]', { name: 'ended' })
    await expect
      .poll(() => notices().map(({ title }) => title))
      .toEqual([expect.stringMatching(/^ended \(.*\) has finished$/)])
    const asking = await launch('[[tool: Bash {"command":"touch made"}]]', { name: 'asking' })
    await expect.poll(() => bodies.length).toBe(2)
    expect(notices()[1]).toMatchObject({ event: 'asks', text: 'Bash: touch made', agents: [{ id: asking }] })
    expect(bodies.join('')).not.toContain('secret answer')
    await expect.poll(() => existsSync(kept) && readFileSync(kept, 'utf8').trim().split('\n')).toEqual(bodies)

    const again = await restart({})
    await again.launch('[[say: another answer]]', { name: 'another' })
    await expect.poll(() => notices().some(({ title }) => title.startsWith('another'))).toBe(true)
    expect(bodies.filter((body) => body.includes(`"${ended}"`))).toHaveLength(1)
  },
)
