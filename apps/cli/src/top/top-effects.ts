import { SubagentError } from '@subagent-mcp/contract'
import { describeSentMessage } from '../commands/agent/send.js'
import { formatAgentIdAndName } from '../terminal/agent-lines.js'
import { streamKnownFacts } from '../terminal/known-facts.js'
import { formatChangeCount, formatChangedFileLines } from '../terminal/changes-text.js'
import type { CommandContext } from '../terminal/command-context.js'
import type { FullScreen } from '../terminal/screen.js'
import { paintNothing, type TextTone } from '../terminal/paint.js'
import { describeTerminalCaller, describeTerminalAnswerer } from '../terminal/person.js'
import { formatPermissionRequest, formatToolCallLine } from '../terminal/questions/question-text.js'
import { openTranscriptPage } from './transcript-page.js'
import {
  getTopPageKey,
  type TopDaemonRequest,
  type PageLine,
  type TopEffect,
  type TopEvent,
} from './top-state.js'

type EffectParts = {
  context: CommandContext
  screen: Pick<FullScreen, 'redraw' | 'suspend'>
  /** Aborts when `top` ends. */
  signal: AbortSignal
  report(event: TopEvent): void
  quit(code: number): void
}

/** Returns the function that carries out the effects of `top`. An error of the daemon becomes a notice. */
export function startTopEffects(parts: EffectParts): (effect: TopEffect) => void {
  const { report, screen, signal, quit } = parts
  let leaveTranscript = new AbortController()
  const attempt = (work: Promise<void>, of: AbortSignal): void => {
    work.catch((error: unknown) => {
      if (!of.aborted) report({ type: 'noted', text: errorText(error) })
    })
  }
  return (effect) => {
    switch (effect.type) {
      case 'quit':
        quit(effect.code)
        return
      case 'suspend':
        screen.suspend()
        return
      case 'redraw':
        screen.redraw()
        return
      case 'close-transcript':
        leaveTranscript.abort()
        return
      case 'open-transcript': {
        leaveTranscript.abort()
        leaveTranscript = new AbortController()
        const left = AbortSignal.any([signal, leaveTranscript.signal])
        attempt(openTranscript(effect.agentId, parts, left), left)
        return
      }
      default:
        attempt(request(effect, parts), signal)
    }
  }
}

async function request(
  effect: TopDaemonRequest,
  { context: { client, terminal }, report }: EffectParts,
): Promise<void> {
  const note = (text: string): void => {
    report({ type: 'noted', text })
  }
  switch (effect.type) {
    case 'kill': {
      const { agent } = await client.kill(effect.agentId)
      note(`${formatAgentIdAndName(agent)} was killed`)
      return
    }
    case 'send': {
      const { agentId, text } = effect
      note(
        describeSentMessage(
          await client.send(agentId, { text, ...describeTerminalCaller('.', terminal), pid: process.pid }),
        ),
      )
      return
    }
    case 'answer': {
      const { question, answer } = effect
      const { agentId, requestId } = question
      await client.answer(agentId, { requestId, ...answer, ...describeTerminalAnswerer(terminal) })
      note(
        `${agentId} ${answer.decision === 'allow' ? 'may do it' : 'may not do it'}: ${formatToolCallLine(question)}`,
      )
      return
    }
    case 'read-question': {
      const { agentId } = effect
      const question = (await client.permissions()).findLast((one) => one.agentId === agentId)
      if (!question) note(`${agentId} no longer asks`)
      else report({ type: 'question-read', question, lines: questionLines(question, terminal) })
      return
    }
    case 'read-changes':
      report({ type: 'page-opened', page: await changesPage(effect.agentId, client) })
  }
}

type Question = Parameters<typeof formatPermissionRequest>[0]

function questionLines(question: Question, { stderr, now }: CommandContext['terminal']): PageLine[] {
  const text = formatPermissionRequest(question, { stderr: { ...stderr, paint: paintNothing }, now })
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ({ text: line, tone: 'plain' }))
}

async function changesPage(agentId: string, client: CommandContext['client']) {
  const { files, patch, patchCut, folder, inPlace } = await client.changes(agentId)
  const next = `subagent-mcp changes ${agentId} ${inPlace ? '--undo takes them back' : '--apply takes them'}`
  const head = files.length === 0 ? ['no changes'] : [...formatChangedFileLines(files), next, '']
  const rest = patchCut ? [`the diff goes on: git -C ${folder} diff`] : []
  const lines: PageLine[] = [
    ...head.map((text): PageLine => ({ text, tone: 'plain' })),
    ...(patch === '' ? [] : patch.trimEnd().split('\n')).map((text): PageLine => ({
      text,
      tone: toneOfPatch(text),
    })),
    ...rest.map((text): PageLine => ({ text, tone: 'dim' })),
  ]
  const title = `${agentId}: ${formatChangeCount(files)}`
  return { type: 'page', key: getTopPageKey('read-changes', agentId), title, lines, from: 0 } as const
}

function toneOfPatch(line: string): TextTone {
  if (/^(diff |index |--- |\+\+\+ )/.test(line)) return 'bold'
  return line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'plain'
}

/** Shows the transcript of an agent, and reports what is added until `signal` aborts. */
async function openTranscript(
  agentId: string,
  { context, report }: EffectParts,
  signal: AbortSignal,
): Promise<void> {
  const { client, terminal } = context
  const page = openTranscriptPage(terminal.home)
  const key = getTopPageKey('open-transcript', agentId)
  for await (const { fact } of streamKnownFacts(client, { agentId, after: 0, signal })) {
    await page.add(fact)
    if (!signal.aborted) report({ type: 'page-grown', key, lines: page.lines() })
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const hint = error instanceof SubagentError && error.hint !== undefined ? ` (${error.hint})` : ''
  return error.message + hint
}
