import { defineCommand } from 'citty'
import { answerHook } from '../answer-hook.js'

/** What hosts run for their hooks; they reach it by a bundle of its own, see `bin/`. */
export const hook = defineCommand({
  meta: { name: 'hook', description: 'What hosts run for their hooks; not for people' },
  args: { host: { type: 'positional', required: false, description: 'claude, codex or gemini' } },
  run: answerHook,
})
