import { SubagentError, parseJson } from '@subagent-mcp/contract'
import { init, readOrRefuse } from '@subagent-mcp/installer'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { exitCode } from '../../exit.js'
import { installerOptions } from '../../settings/installer-options.js'
import type { Terminal } from '../../terminal/terminal.js'
import { showBlockOutcomes, showBlockPlans } from './init-text.js'

/** Which files get the block, or lose it. */
export type InitOrder = {
  where:
    | { type: 'global' }
    | { type: 'project'; root: string; files?: string[]; copilot: boolean; cursor: boolean }
  dryRun: boolean
  remove: boolean
  force: boolean
  json: boolean
}

/** Writes our block into instruction files, or removes it, and prints the outcome for each file. @throws SubagentError */
export async function initFiles(order: InitOrder, terminal: Terminal): Promise<number> {
  const { where, remove, dryRun, force } = order
  const target = where.type === 'global' ? where : { ...where, root: resolve(terminal.cwd, where.root) }
  const plan = init({ ...installerOptions(terminal), target, remove })
  if (plan.project !== undefined && !force && isOwnRepository(plan.project)) throw ownSource(plan.project)
  const report = { notes: plan.notes, json: order.json }
  if (dryRun) {
    await showBlockPlans(plan.files, report, terminal)
    return codeFor(plan.files)
  }
  const outcomes = plan.apply()
  await showBlockOutcomes(outcomes, report, terminal)
  return codeFor(outcomes)
}

function codeFor(results: readonly { type: string }[]): number {
  return results.some(({ type }) => type === 'refused') ? exitCode.failed : exitCode.done
}

const OwnPackage = z.looseObject({ name: z.literal('subagent-mcp-monorepo') })

/** Whether a project is the source of subagent-mcp. */
function isOwnRepository(project: string): boolean {
  const file = readOrRefuse(join(project, 'package.json'))
  return file.type === 'text' && OwnPackage.safeParse(parseJson(file.text)).success
}

function ownSource(project: string): SubagentError {
  const hint = 'its instructions are for those who write it; --force writes all the same'
  return new SubagentError('invalid-parameter', `${project} is the source of subagent-mcp`, { hint })
}
