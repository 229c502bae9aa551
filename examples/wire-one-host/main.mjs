import { setup, describeThisMachine, uninstall } from '@subagent-mcp/installer'
import { join } from 'node:path'

const [word] = process.argv.slice(2)
const machine = describeThisMachine()
// Records and backups are kept here; without them nothing could be undone.
const stateFolder = join(machine.home, '.wire-one-host')

if (word === '--undo') undo()
else await wire(word === '--yes')

/** @param {boolean} isAgreed */
async function wire(isAgreed) {
  const plan = setup({
    machine,
    stateFolder,
    server: { command: 'npx', args: ['-y', 'subagent-mcp'] },
    hosts: ['gemini'],
    hooks: false,
  })
  for (const step of plan.files) {
    if (step.type === 'write') console.log(step.diff)
    if (step.type === 'unchanged') console.log(`${step.change.path} has it already`)
    if (step.type === 'refused')
      console.log(`${step.change.path}: ${step.why}; paste this:\n${step.change.snippet}`)
  }
  if (!isAgreed) return
  const { written, isComplete } = await plan.apply()
  for (const [path, outcome] of written) console.log(`${outcome.type} ${path}`)
  if (!isComplete) process.exitCode = 1
}

function undo() {
  const plan = uninstall({ machine, stateFolder, project: process.cwd() })
  for (const { path, type } of plan.apply()) console.log(`${type} ${path}`)
}
