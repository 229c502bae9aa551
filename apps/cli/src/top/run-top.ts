import { followAgentLists } from '../commands/agent/follow-agent-lists.js'
import type { AgentFilter } from '../commands/agent/agent-list.js'
import { isAgentBusy } from '../terminal/agent-lines.js'
import type { CommandContext } from '../terminal/command-context.js'
import type { FullScreen } from '../terminal/screen.js'
import { reduceTopState } from './reduce-top.js'
import { renderTop } from './render-top.js'
import { startTopEffects } from './top-effects.js'
import { createInitialTopState, type TopEvent } from './top-state.js'

/**
 * Shows agents on the whole screen until the person quits, and returns the exit code. Draws after each key, and at most four times
 * a second otherwise. While nothing happens it draws nothing; while an agent works, the times advance once a second.
 * @throws SubagentError when the daemon ends
 */
export async function runTop(
  filter: AgentFilter,
  context: CommandContext,
  screen: FullScreen,
): Promise<number> {
  const stop = new AbortController()
  const { now, home } = context.terminal
  let state = createInitialTopState(screen.size())
  const drawing = scheduleFrames(async () => {
    await screen.draw(renderTop(state, { now: now(), home }))
    return state.mode.type === 'agents' && (state.list?.shown.some(isAgentBusy) ?? false)
  })
  let quit: (code: number) => void = () => undefined
  const left = new Promise<number>((resolve) => (quit = resolve))
  const take = (event: TopEvent): void => {
    const [next, ...effects] = reduceTopState(state, event)
    state = next
    for (const effect of effects) act(effect)
    drawing.request(event.type === 'agents-listed' || event.type === 'page-grown' ? pauseOfNews : pauseOfKeys)
  }
  const act = startTopEffects({ context, screen, signal: stop.signal, report: take, quit })
  const follow = async (): Promise<number> => {
    for await (const list of followAgentLists(filter, context, stop.signal))
      take({ type: 'agents-listed', ...list })
    return left
  }
  screen.onKey((key) => {
    take({ type: 'key', key })
  })
  screen.onResize(() => {
    take({ type: 'resized', size: screen.size() })
  })
  drawing.request(0)
  try {
    return await Promise.race([left, follow(), drawing.failed])
  } finally {
    stop.abort()
    drawing.stop()
  }
}

/** Milliseconds between two frames that the person's keys, or that agents cause. */
const pauseOfKeys = 20
const pauseOfNews = 250
/** Milliseconds after which the times on the screen advance. */
const tick = 1_000

/**
 * Draws when a frame is requested: as soon as the last one is so many milliseconds old, and one at a time. `draw` returns whether the
 * next frame is due a second later. `failed` rejects when it throws.
 */
function scheduleFrames(draw: () => Promise<boolean>) {
  let [due, last, isDrawing, isWanted] = [Infinity, -Infinity, false, false]
  let timer: NodeJS.Timeout | undefined
  let fail: (reason: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => (fail = reject))
  const request = (pause: number): void => {
    const at = Math.max(performance.now(), last + pause)
    if (at >= due) return
    clearTimeout(timer)
    due = at
    timer = setTimeout(() => {
      drawNow().catch(fail)
    }, at - performance.now())
  }
  const drawNow = async (): Promise<void> => {
    due = Infinity
    isWanted = isDrawing
    if (isDrawing) return
    isDrawing = true
    last = performance.now()
    const advances = await draw()
    isDrawing = false
    if (isWanted) request(0)
    else if (advances) request(tick)
  }
  return {
    request,
    failed,
    stop: () => {
      clearTimeout(timer)
      due = -Infinity
    },
  }
}
