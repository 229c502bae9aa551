import { openMemoryMailbox } from '@subagent-mcp/mailbox'

// Two agents of one process: `web` handles what `docs` asks, under a lease, and replies once.
const mailbox = openMemoryMailbox()
const thisProcess = { pid: process.pid, startTime: '0', host: 'here' }
for (const name of ['docs', 'web']) {
  const handler = { ...thisProcess, instance: name, kind: 'worker' } as const
  await mailbox.register({ name, project: '/work', capabilities: [], topics: [], wakes: 'high', handler })
}
const sender = (name: string) => ({ name, host: 'here', through: 'agent' }) as const
const { message } = await mailbox.send({ from: sender('docs'), to: 'web', body: 'Does it build?' })

const lease = { agent: 'web', instance: 'web', leaseMs: 60_000, waitMs: 10_000 }
const batch = await mailbox.next(lease, AbortSignal.timeout(10_000))
for (const { id, body, from } of batch?.messages ?? []) {
  console.log(`${from.name} asks: ${body}`)
  await mailbox.reply({ from: sender('web'), message: id, body: 'It does.' })
}
if (batch) await mailbox.acknowledge(batch.take)

const thread = await mailbox.thread(message.thread)
console.log(`${thread.length} messages: ${thread.map(({ body }) => body).join(' ')}`)
await mailbox.close()
