import { makeDefinitionFolders, type DefinitionFolders } from '@subagent-mcp/testkit'
import { createTestTerminal, type TestTerminal } from '../../terminal/terminal.test.support.js'

/** Makes folders for definitions, and a test terminal in the project. */
export function makeDefinitionTerminal(): DefinitionFolders & { terminal: TestTerminal } {
  const folders = makeDefinitionFolders()
  const { project, home, environment } = folders
  const terminal = createTestTerminal({ cwd: project, now: () => Date.UTC(2026, 10, 21, 12) })
  Object.assign(terminal, { home, environment })
  return { ...folders, terminal }
}
