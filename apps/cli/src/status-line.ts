import { runStatusLine } from '@subagent-mcp/orchestration'
import { getTrustedStateFolder } from './settings/state-folder.js'

// The entry of the bundle of the status line, which Claude Code runs every few seconds. It starts no daemon and asks none.
runStatusLine({ parent: process.ppid, stateFolder: () => getTrustedStateFolder(process.env) })
