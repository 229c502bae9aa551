import { parseArgs } from 'node:util'
import { keepsLimit, type Figure, type RunLength } from './figure.js'
import { brokerTime } from './figures/broker-time.js'
import { codexAgentCosts } from './figures/codex-agents.js'
import { codexTurnTime } from './figures/codex-turns.js'
import { daemonLoad } from './figures/daemon-load.js'
import { daemonMemory } from './figures/daemon-memory.js'
import { gateTime } from './figures/gate-time.js'
import { geminiAgentCosts } from './figures/gemini-agents.js'
import { helpCost } from './figures/help-cost.js'
import { hookTime, statusLineTime } from './figures/hook-time.js'
import { journalWrites } from './figures/journal-writes.js'
import { mailDrain } from './figures/mail-drain.js'
import { mailFleet } from './figures/mail-fleet.js'
import { mailThroughput } from './figures/mail-throughput.js'
import { shimMemory } from './figures/memory.js'
import { pageTime } from './figures/page-time.js'
import { poolMemory } from './figures/pool-memory.js'
import { poolTaskCost } from './figures/pool-tasks.js'
import { reportLatency } from './figures/report-latency.js'
import { restartTime } from './figures/restart.js'
import { routingTime } from './figures/routing-time.js'
import { setupTime } from './figures/setup-time.js'
import { sharedPrefix } from './figures/shared-prefix.js'
import { searchTime } from './figures/search-time.js'
import { serverStartTime } from './figures/start-up.js'
import { topIdleCost } from './figures/top-idle.js'
import { toolWeight } from './figures/tool-weight.js'
import { turnTime } from './figures/turn-time.js'
import { unreadAnswerCost } from './figures/unread-answers.js'
import { wakeLatency } from './figures/wake-latency.js'
import { idleWorkerCost } from './figures/worker-idle.js'
import { workerReply } from './figures/worker-reply.js'
import { worktreeTime } from './figures/worktree-time.js'
import { addFigures, writeFigures } from './keep-figures.js'
import { renderFigures } from './render-figures.js'

const figures: Record<string, (length: RunLength) => Promise<Figure[]>> = {
  startUp: serverStartTime,
  restart: restartTime,
  hookTime,
  statusLineTime,
  setupTime,
  helpCost,
  toolWeight,
  brokerTime,
  reportLatency,
  wakeLatency,
  turnTime,
  memory: shimMemory,
  codexTurns: codexTurnTime,
  codexAgents: codexAgentCosts,
  geminiAgents: geminiAgentCosts,
  poolTasks: poolTaskCost,
  poolMemory,
  sharedPrefix,
  routingTime,
  journalWrites,
  daemonMemory,
  daemonLoad,
  unreadAnswers: unreadAnswerCost,
  mailThroughput,
  mailDrain,
  mailFleet,
  workerReply,
  workerIdle: idleWorkerCost,
  topIdle: topIdleCost,
  pageTime,
  searchTime,
  worktreeTime,
  gateTime,
}

const help = `npm run bench [-- NAME…]

Measures ours and the floor in one run. Names: ${Object.keys(figures).join(', ')}; all without a name.
Prints a table and writes bench/results/latest.json. --save also writes them into bench/results/<date>.json.
--soak loads a daemon for ten minutes, writes bench/results/load-soak.json, and fails where a limit is not kept.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, save: { type: 'boolean' }, soak: { type: 'boolean' } },
})
const unknown = positionals.filter((name) => !(name in figures))
if (values.help) process.stdout.write(help)
else if (unknown.length > 0) {
  process.stderr.write(`no figure ${unknown.join(', ')}\n${help}`)
  process.exitCode = 2
} else if (values.soak) await soak()
else await bench(positionals.length > 0 ? positionals : Object.keys(figures), values.save ?? false)

async function bench(names: readonly string[], save: boolean): Promise<void> {
  const measured: Figure[] = []
  for (const name of names) {
    process.stderr.write(`measuring ${name} …\n`)
    const found = (await figures[name]?.(save ? 'full' : 'short')) ?? []
    measured.push(...found)
    // A figure that fails later does not lose those that are measured.
    if (save) await addFigures(found)
  }
  await writeFigures('latest', measured)
  process.stdout.write(`${renderFigures(measured)}\n`)
}

async function soak(): Promise<void> {
  const measured = await daemonLoad('soak')
  await writeFigures('load-soak', measured)
  process.stdout.write(`${renderFigures(measured)}\n`)
  if (!measured.every(keepsLimit)) process.exitCode = 1
}
