import { startModelServer, temporaryHome } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endDaemons } from '../home-daemons.js'
import { hostStageOf } from '../host-stage.js'
import { drawSvg, type Frame } from './draw-svg.js'
import { photographPage } from './page-pictures.js'
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

const folder = join(import.meta.dirname, '../../../docs/media')
mkdirSync(folder, { recursive: true })

/** Records the pictures that the arguments name (`page` for those of the page), or all, with the real hosts on a scripted model. */
const names = process.argv.slice(2)
for (const [name, { title, play }] of Object.entries(pictures)) {
  if (names.length === 0 || names.includes(name)) await draw(name, title, play)
}

if (names.length === 0 || names.includes('page')) {
  const files = await onStage((stage) => photographPage(stage, folder))
  process.stderr.write(`${files.map((file) => `docs/media/${file}`).join(', ')}\n`)
}

async function draw(name: string, title: string, play: (stage: Stage) => Promise<Frame[]>): Promise<void> {
  const frames = await onStage(play)
  writeFileSync(join(folder, `${name}.svg`), drawSvg({ title, columns: 80, frames }))
  process.stderr.write(`docs/media/${name}.svg: ${frames.length} screens\n`)
}

async function onStage<Result>(play: (stage: Stage) => Promise<Result>): Promise<Result> {
  const model = await startModelServer()
  const stage = { model, ...hostStageOf(temporaryHome({ modelUrl: model.url })) }
  const { home } = stage.home
  try {
    return await play(stage)
  } finally {
    await endDaemons(home)
    await model.close()
    stage.home.remove()
  }
}
