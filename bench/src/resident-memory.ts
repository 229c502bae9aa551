import { processesWith } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { setTimeout as delay } from 'node:timers/promises'
import type { BenchStage } from './bench-stage.js'

/** Resident memory of some processes together in MB, from `ps`. Memory that they share counts for each. */
export async function residentMegabytes(pids: readonly number[]): Promise<number> {
  const { stdout } = await execa('ps', ['-o', 'rss=', '-p', pids.join(',')])
  const kilobytes = stdout.split('\n').map(Number)
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
}

/** The memory of a stage's provider processes in MB, after the short-lived processes of a start have exited. */
export async function providerMegabytes(stage: Processes): Promise<number> {
  let pids = providerProcesses(stage)
  for (let before = ''; before !== String(pids); pids = providerProcesses(stage)) {
    before = String(pids)
    await delay(500)
  }
  return residentMegabytes(pids)
}

type Processes = Pick<BenchStage, 'home' | 'host' | 'daemon'>

/** Returns the processes with this home folder in their environment, but the shim and the daemon: those of the CLIs. */
function providerProcesses({ home, host, daemon }: Processes): number[] {
  return processesWith(`HOME=${home.home}`).filter((pid) => pid !== host.pid && pid !== daemon.pid)
}
