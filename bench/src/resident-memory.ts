import { processesWith } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { setTimeout as delay } from 'node:timers/promises'
import type { BenchStage } from './bench-stage.js'

/** The resident memory of some processes together, in MB; what they share counts for each. */
export async function residentMegabytes(pids: readonly number[]): Promise<number> {
  const { stdout } = await execa('ps', ['-o', 'rss=', '-p', pids.join(',')])
  const kilobytes = stdout.split('\n').map(Number)
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
}

/** The memory of a stage's providers, in MB, when the processes that come and go after a start have gone. */
export async function providerMegabytes(stage: Processes): Promise<number> {
  let pids = providerProcesses(stage)
  for (let before = ''; before !== String(pids); pids = providerProcesses(stage)) {
    before = String(pids)
    await delay(500)
  }
  return residentMegabytes(pids)
}

type Processes = Pick<BenchStage, 'home' | 'host' | 'daemon'>

/** All that live in the home, but what is ours. The daemon's watchdog has no home. */
function providerProcesses({ home, host, daemon }: Processes): number[] {
  return processesWith(`HOME=${home.home}`).filter((pid) => pid !== host.pid && pid !== daemon.pid)
}
