import { defineCommand } from 'citty'

/** What hosts run for their hooks: a bundle of its own, see `bin/`. Here for the list of commands. */
export const hook = defineCommand({
  meta: { name: 'hook', description: 'What hosts run for their hooks; not for people' },
  args: { host: { type: 'positional', required: false, description: 'claude, codex or gemini' } },
  run: () => undefined,
})
