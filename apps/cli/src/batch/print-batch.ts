import { escapeForTerminal, formatSafeJson } from '../terminal/text.js'
import { formatAgentIdAndName, describeAgentOutcome, agentStatusTones } from '../terminal/agent-lines.js'
import { formatClockTime } from '../terminal/format.js'
import type { TextOutput, Terminal } from '../terminal/terminal.js'
import type { BatchCounts } from './batch-item-status.js'
import type { BatchItemState, BatchItemResult } from './run-batch-items.js'

/** Prints a batch: results on stdout, and on stderr a line of progress if that is a terminal. */
export type BatchPrinter = {
  result(result: BatchItemResult): Promise<void>
  progress(counts: BatchCounts): Promise<void>
  remark(text: string): Promise<void>
  /** Prints which batch lines have agents that ask for permission, and what the user can do next. */
  end(entries: readonly BatchItemState[], counts: BatchCounts, again: string): Promise<void>
}

/** Creates a printer of batch results: as text, or with `json` as one line of JSON for each result. */
export function createBatchPrinter({ stdout, stderr }: Terminal, json: boolean): BatchPrinter {
  let shown = ''
  const clear = async (): Promise<void> => {
    if (shown !== '') await stderr.print('\r\u001b[2K')
    shown = ''
  }
  const remark = async (text: string): Promise<void> => {
    await clear()
    await stderr.print(`${text}\n`)
  }
  return {
    remark,
    result: async (result) => {
      await clear()
      await stdout.print(json ? `${formatSafeJson(resultData(result))}\n` : resultText(result, stdout))
    },
    progress: async (counts) => {
      const size = stderr.size()
      const text = progressText(counts)
      if (!size || text === shown) return
      await stderr.print(`\r\u001b[2K${stderr.paint('dim', text.slice(0, size.columns - 1))}`)
      shown = text
    },
    end: async (entries, counts, again) => {
      await clear()
      for (const { line, status } of entries) {
        if (status.type !== 'asking') continue
        const { agent } = status
        const { id, name } = agent
        const asks = agent.permissions.map(({ call }) => call)
        const data = {
          line: line.number,
          agent: id,
          ...(name !== undefined && { name }),
          status: 'asking',
          asks,
        }
        if (json) await stdout.print(`${formatSafeJson(data)}\n`)
        await stderr.print(
          `line ${line.number}: ${formatAgentIdAndName(agent)} asks permission: ${escapeForTerminal(asks.join('; '))}\n`,
        )
      }
      await stderr.print(`${progressText(counts)}\n${nextText(counts, again)}`)
    },
  }
}

function nextText({ asking, failed }: BatchCounts, again: string): string {
  const asked = `to answer: subagent-mcp permissions --watch; then for the rest: ${again}\n`
  return `${asking > 0 ? asked : ''}${failed > 0 ? `to launch failed lines again: ${again} --retry\n` : ''}`
}

function progressText({
  all,
  finished,
  failed,
  running,
  asking,
  waiting,
  limitedUntil,
}: BatchCounts): string {
  const parts = [
    `${finished} of ${all} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(running > 0 ? [`${running} at work`] : []),
    ...(asking > 0 ? [`${asking} ${asking === 1 ? 'asks' : 'ask'}`] : []),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`] : []),
    ...(limitedUntil === undefined ? [] : [`limit until ${formatClockTime(limitedUntil)}`]),
  ]
  return parts.join(', ')
}

function resultText({ line, outcome, agent, said, error }: BatchItemResult, { paint }: TextOutput): string {
  const head = agent
    ? paint(agentStatusTones[agent.status], describeAgentOutcome(agent))
    : escapeForTerminal(error?.message ?? `its agent is ${outcome}`)
  const hint = !agent && error?.hint !== undefined ? ` (${escapeForTerminal(error.hint)})` : ''
  const answer = escapeForTerminal(said).trim()
  const work = agent?.source === undefined ? '' : `its changes: subagent-mcp changes ${agent.id}\n`
  return `line ${line.number}: ${head}${hint}\n${answer && `${answer}\n`}${work}\n`
}

function resultData({ line, outcome, agent, said, error }: BatchItemResult): object {
  return {
    line: line.number,
    status: outcome,
    ...(agent && { agent: agent.id, provider: agent.provider }),
    ...(agent?.name !== undefined && { name: agent.name }),
    ...(agent?.model !== undefined && { model: agent.model }),
    ...(agent && { answer: said }),
    ...(agent?.source !== undefined && { source: agent.source }),
    ...(agent?.failure && { failure: agent.failure }),
    ...(error && { error: { code: error.code, message: error.message } }),
  }
}
