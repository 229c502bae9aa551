import type { Message } from '@subagent-mcp/mailbox'
import { maskSecrets } from '@subagent-mcp/permissions'
import { buildPrompt } from '@subagent-mcp/worker'
import { exitCode } from '../../exit.js'
import { jsonText } from '../../terminal/json-text.js'
import { plainText } from '../../terminal/text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { planWork, type WorkPlan } from '../../worker/plan-work.js'
import { checkDrivers } from './check-drivers.js'
import type { WorkerCall } from './worker-args.js'

/** Shows what a worker would launch with the first message, and launches nothing. The environment is not shown. */
export async function printWorker({ order, json }: WorkerCall, terminal: Terminal): Promise<number> {
  checkDrivers(order, terminal)
  const { cwd, environment, stdout } = terminal
  const plan = planWork(order, { cwd, environment })
  const { environment: _, pid: _pid, ...launch } = plan.launch
  const prompt = promptFrame(order.name, plan, terminal.now())
  const shown = { worker: masked(order), launch: masked(launch), prompt: maskSecrets(prompt) }
  await stdout.print(json ? `${jsonText(shown, 2)}\n` : asText(order.name, shown))
  return exitCode.done
}

type Shown = { worker: unknown; launch: unknown; prompt: string }

/** Each string by itself, so that JSON stays whole; a name may tell that what it has is secret. */
function masked(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    const own = maskSecrets(value)
    return own === value && maskSecrets(`"${name}": "${value}"`).includes('[masked]') ? '[masked]' : own
  }
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]))
}

function asText(name: string, { worker, launch, prompt }: Shown): string {
  return [
    `worker ${name}: nothing was started`,
    `\nThe worker:\n${jsonText(worker, 2)}`,
    `\nEach session is launched with:\n${jsonText(launch, 2)}`,
    `\nA turn is told:\n${plainText(prompt)}\n`,
  ].join('\n')
}

/** The prompt for one message, with a word in the place of its text. */
function promptFrame(name: string, { rights }: WorkPlan, now: number): string {
  const message: Message = {
    id: '<id>',
    seq: 1,
    thread: '<thread>',
    kind: 'direct',
    from: { name: '<sender>', host: '<host>', through: 'agent' },
    to: name,
    body: '<the message>',
    sentAt: now,
    expectsReply: true,
    status: 'held',
    tries: 0,
  }
  return buildPrompt({ name, tools: rights.said, messages: [message], earlier: [], now })
}
