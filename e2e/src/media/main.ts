import { startModelServer, temporaryHome } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endDaemons } from '../home-daemons.js'
import { hostStageOf } from '../host-stage.js'
import { drawSvg, type Frame } from './draw-svg.js'
import { playQuestion, playReview, showAgents, type Stage } from './scenes.js'

/** The pictures in docs/media: the text for those who do not see it, and the scene that is recorded. */
const pictures: Record<string, { title: string; play: (stage: Stage) => Promise<Frame[]> }> = {
  review: {
    title: 'Claude Code asks Codex to review the changes, and gets the findings without a key pressed',
    play: playReview,
  },
  permission: {
    title: 'Claude Code shows the command that an agent asks permission for, with Accept and Decline',
    play: playQuestion,
  },
  agents: { title: 'subagent-mcp ps lists three agents of three providers', play: showAgents },
}

/** Records the pictures that the arguments name, or all, with the real hosts on a scripted model. */
const names = process.argv.slice(2)
for (const [name, { title, play }] of Object.entries(pictures)) {
  if (names.length === 0 || names.includes(name)) await draw(name, title, play)
}

async function draw(name: string, title: string, play: (stage: Stage) => Promise<Frame[]>): Promise<void> {
  const model = await startModelServer()
  const stage = { model, ...hostStageOf(temporaryHome({ modelUrl: model.url })) }
  const { home } = stage.home
  try {
    const frames = await play(stage)
    const folder = join(import.meta.dirname, '../../../docs/media')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${name}.svg`), drawSvg({ title, columns: 80, frames }))
    process.stderr.write(`docs/media/${name}.svg: ${frames.length} screens\n`)
  } finally {
    await endDaemons(home)
    await model.close()
    stage.home.remove()
  }
}
