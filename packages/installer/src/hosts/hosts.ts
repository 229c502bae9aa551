import { claudeCode } from './claude-code.js'
import { codex } from './codex.js'
import { geminiCli } from './gemini-cli.js'
import type { Host } from './host.js'
import { plainHosts } from './plain-hosts.js'

/** All hosts that can be wired, those with hooks first. */
export const hosts: readonly Host[] = [claudeCode, codex, geminiCli, ...plainHosts]
