import { connectDaemon } from '@subagent-mcp/client'
import { launchBrowser } from '@subagent-mcp/e2e/browser'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { startSimulatedDaemon, type SimulatedDaemon } from '../simulation.js'

const agents = 1_000
/** Each 50 events are three entries of a transcript: a message, a tool call and its output. */
const eventsOfTranscript = 170_000
const eventsPerSecond = 1_000
const pages = 10
const frames = 300
const minutes: Record<RunLength, number> = { short: 1, full: 10, soak: 10 }
const cpuSeconds: Record<RunLength, number> = { short: 20, full: 60, soak: 60 }

/**
 * The page with 1,000 agents that stream 1,000 events a second, and one transcript of 10,000 entries: work of a frame while a person
 * scrolls, memory over minutes, and what open pages cost the daemon. Floor of the latter: the same stream without a page.
 */
export async function pageTime(length: RunLength): Promise<Figure[]> {
  const simulation = await startSimulatedDaemon()
  const browser = await launchBrowser(process.env)
  try {
    const [long = ''] = await simulation.launch(['hold 0'])
    simulation.stream(10_000)
    while ((await simulation.state()).events < eventsOfTranscript) await delay(200)
    simulation.stream(0)
    await simulation.launch(Array.from({ length: agents - 1 }, (_, index) => `hold ${index + 1}`))
    const idle = await idleCosts(simulation, browser)
    simulation.stream(eventsPerSecond)
    const page = await openPage(simulation, browser)
    const devtools = await page.context().newCDPSession(page)
    const list = await frameWork(browser, page, 'List of agents')
    await page.evaluate(`location.hash = '#/agents/${long}'`)
    const transcript = await frameWork(browser, page, 'Transcript')
    const heap = await heapOver(devtools, minutes[length])
    await page.close()
    const cpu = await cpuOfPages(simulation, browser, cpuSeconds[length])
    return figuresOf({ list, transcript, heap, cpu, idle, minutes: minutes[length] })
  } finally {
    await browser.close()
    await simulation.close()
  }
}

type Measured = {
  list: readonly number[]
  transcript: readonly number[]
  heap: { first: number; last: number }
  cpu: { without: number; with: number }
  idle: { page: number; daemon: number }
  minutes: number
}

function figuresOf({ list, transcript, heap, cpu, idle, minutes: span }: Measured): Figure[] {
  const frame = { unit: 'ms', limit: { type: 'amount', most: 16 } } as const
  const load = `${agents} agents, ${eventsPerSecond} events/s`
  return [
    {
      ...frame,
      name: `page, ${load}: p95 of a frame, scrolling the list`,
      n: list.length,
      ours: quantile(list, 0.95),
    },
    {
      ...frame,
      name: `page, ${load}: p95 of a frame, scrolling a transcript`,
      n: transcript.length,
      ours: quantile(transcript, 0.95),
    },
    {
      ...{ name: `page, ${load}: heap after ${span} minutes`, unit: 'MB', n: 1, ours: heap.last },
      floor: { name: 'after half a minute', value: heap.first },
      limit: { type: 'ratio', most: 1.2 },
      note: 'a transcript is open',
    },
    {
      ...{ name: `daemon, ${load}: CPU with ${pages} pages`, unit: '%', n: 1, ours: cpu.with },
      floor: { name: 'without a page', value: cpu.without },
      limit: { type: 'amount', most: cpu.without + 10 },
    },
    { name: `page, ${agents} silent turns: its CPU`, unit: 'ms', n: 1, ours: idle.page, note: 'a minute' },
    {
      name: `page, ${agents} silent turns: its daemon's CPU`,
      unit: 'ms',
      n: 1,
      ours: idle.daemon,
      note: 'a minute',
    },
  ]
}

async function openPage({ socketPath }: SimulatedDaemon, browser: Browser): Promise<Page> {
  const { port, code } = await connectDaemon({ socketPath }).openPage({ cwd: '/', environment: {} })
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } })
  await page.goto(`http://127.0.0.1:${port}/#code=${code}`)
  await page.getByRole('link', { name: 'Agents' }).click()
  await page.getByRole('group', { name: 'List of agents' }).locator('.agent-row').first().waitFor()
  return page
}

/** Scrolls a list, and returns the milliseconds of work on the main thread of each frame, as the browser's own trace tells. */
async function frameWork(browser: Browser, page: Page, name: string): Promise<number[]> {
  const list = page.getByRole('group', { name })
  await list.locator('.virtual-row').first().waitFor()
  await delay(3_000)
  await list.hover()
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  })
  for (let count = 0; count < frames; count += 1) {
    await page.mouse.wheel(0, count % 100 < 50 ? -400 : 400)
    await page.evaluate('new Promise(requestAnimationFrame)')
  }
  const { traceEvents } = Trace.parse(JSON.parse((await browser.stopTracing()).toString()))
  return workOfFrames(traceEvents)
}

const TraceEvent = z.object({
  name: z.string(),
  tid: z.number(),
  pid: z.number(),
  ts: z.number(),
  dur: z.number().optional(),
})
type TraceEvent = z.infer<typeof TraceEvent>
const Trace = z.object({ traceEvents: z.array(TraceEvent) })

/** Sums the tasks of the main thread between two frames. Times of a trace are microseconds. */
function workOfFrames(events: readonly TraceEvent[]): number[] {
  const begins = events.filter(({ name }) => name === 'BeginCommitCompositorFrame')
  const { pid, tid } = mostFrequentThread(begins)
  const isMain = (event: TraceEvent): boolean => event.pid === pid && event.tid === tid
  const tasks = events.filter((event) => isMain(event) && event.name === 'RunTask')
  const starts = begins.filter(isMain).map(({ ts }) => ts)
  return starts.slice(1).map((end, index) => {
    const start = starts[index] ?? end
    const within = tasks.filter(({ ts }) => ts >= start && ts < end)
    return within.reduce((sum, { dur = 0 }) => sum + dur, 0) / 1_000
  })
}

/** The main thread of the page, among those of the browser's own pages. */
function mostFrequentThread(events: readonly TraceEvent[]): Pick<TraceEvent, 'pid' | 'tid'> {
  const countOf = (one: TraceEvent): number =>
    events.filter(({ pid, tid }) => pid === one.pid && tid === one.tid).length
  const [most] = events.toSorted((one, other) => countOf(other) - countOf(one))
  if (!most) throw new Error('the trace has no frames')
  return most
}

/** Milliseconds in which the main thread has worked. */
async function taskMs(devtools: CDPSession): Promise<number> {
  return (await metric(devtools, 'TaskDuration')) * 1_000
}

async function heapOver(devtools: CDPSession, span: number): Promise<Measured['heap']> {
  const heap = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage')
    return (await metric(devtools, 'JSHeapUsedSize')) / 1024 / 1024
  }
  await delay(30_000)
  const first = await heap()
  await delay(span * 60_000 - 30_000)
  return { first, last: await heap() }
}

async function metric(devtools: CDPSession, name: string): Promise<number> {
  await devtools.send('Performance.enable')
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN
}

async function cpuOfPages(
  simulation: SimulatedDaemon,
  browser: Browser,
  seconds: number,
): Promise<Measured['cpu']> {
  const without = await daemonCpu(simulation, seconds)
  const opened: Page[] = []
  for (let count = 0; count < pages; count += 1) opened.push(await openPage(simulation, browser))
  // What a page asks for when it opens is answered by then.
  await delay(20_000)
  const withPages = await daemonCpu(simulation, seconds)
  for (const page of opened) await page.close()
  return { without, with: withPages }
}

/** The share of one processor that the daemon uses, in percent. */
async function daemonCpu({ state }: SimulatedDaemon, seconds: number): Promise<number> {
  const before = await state()
  await delay(seconds * 1_000)
  const after = await state()
  return ((after.cpu - before.cpu) / (after.at - before.at)) * 100
}

/** Milliseconds of work a minute of a page whose agents write nothing, and of its daemon. */
async function idleCosts(simulation: SimulatedDaemon, browser: Browser): Promise<Measured['idle']> {
  const page = await openPage(simulation, browser)
  const devtools = await page.context().newCDPSession(page)
  await delay(5_000)
  const [task, { cpu }] = [await taskMs(devtools), await simulation.state()]
  await delay(60_000)
  const idle = { page: (await taskMs(devtools)) - task, daemon: (await simulation.state()).cpu - cpu }
  await page.close()
  return idle
}
