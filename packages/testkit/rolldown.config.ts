import type { RolldownOptions } from 'rolldown'

/** Each fake CLI in one file: tests start hundreds of them, and node takes twice as long to load the modules one by one. */
export default ['acp', 'claude', 'codex'].map((name): RolldownOptions => ({
  platform: 'node',
  input: `src/fake-${name}/main.ts`,
  output: { file: `dist/fakes/${name}.cjs`, format: 'cjs' },
}))
