import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { DrainResult, type DrainOptions } from '../drain-options.js'
import { mailBackends, type MailBackend } from '../mail-backend.js'
import { millisecondsOf } from '../timed.js'

/** Numbers of messages. The variable BENCH_MESSAGES sets another one; 100000 takes minutes. */
const counts: Record<RunLength, number> = { short: 2_000, full: 10_000, soak: 10_000 }
const { BENCH_MESSAGES: asked } = process.env
const script = fileURLToPath(new URL('../drain-mail.js', import.meta.url))

/** Messages a second that workers answer from a full mailbox with many threads, when their turns cost nothing. */
export async function mailDrain(length: RunLength): Promise<Figure[]> {
  const messages = asked === undefined ? counts[length] : Number(asked)
  const figures: Figure[] = []
  for (const openBackend of mailBackends) {
    for (const workers of [1, 4, 16]) {
      const backend = await openBackend()
      if (!backend) continue
      figures.push(...(await drain(backend, { messages, workers })))
      await backend.close()
    }
  }
  return figures
}

async function drain(
  backend: MailBackend,
  size: Pick<DrainOptions, 'messages' | 'workers'>,
): Promise<Figure[]> {
  const bare = await bareRate(backend)
  const options: DrainOptions = { ...size, name: backend.name, at: backend.at }
  const { stdout } = await execa(process.execPath, [script, JSON.stringify(options)], { stderr: 'inherit' })
  const { seconds, cpu, begin, peak, wrong } = DrainResult.parse(JSON.parse(stdout))
  const { messages, workers } = size
  const name = `mail on ${backend.name}: ${messages} messages, ${workers === 1 ? '1 worker' : `${workers} workers`}`
  const about = { n: messages }
  return [
    {
      ...about,
      name: `${name}: answered`,
      unit: '/s',
      ours: messages / seconds,
      floor: { name: backend.floorName, value: bare },
      note: `${(cpu / messages).toFixed(2)} ms CPU each`,
    },
    {
      ...about,
      name: `${name}: not answered just once`,
      unit: '%',
      ours: (wrong / messages) * 100,
      limit: none,
    },
    {
      ...about,
      name: `${name}: highest memory`,
      unit: 'MB',
      ours: peak,
      floor: { name: 'with the queue full', value: begin },
    },
  ]
}

const none = { type: 'amount', most: 0 } as const

/** Returns how many bare writes are possible a second, one after the other, because a worker answers so too. */
async function bareRate({ bare }: MailBackend): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < 1_000; count += 1) times.push(await millisecondsOf(bare))
  return 1_000 / quantile(times)
}
