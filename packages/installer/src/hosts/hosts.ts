import { claudeCode } from './claude-code.js'
import { claudeDesktop } from './claude-desktop.js'
import { codex } from './codex.js'
import { copilotCli } from './copilot-cli.js'
import { cursor } from './cursor.js'
import { geminiCli } from './gemini-cli.js'
import type { Host } from './host.js'
import { opencode } from './opencode.js'
import { vscode } from './vscode.js'
import { windsurf } from './windsurf.js'
import { zed } from './zed.js'

/** All hosts that can be wired, those with hooks first. */
export const hosts: readonly Host[] = [
  ...[claudeCode, codex, geminiCli],
  ...[claudeDesktop, copilotCli, cursor, opencode, vscode, windsurf, zed],
]
