import { claudeCodeHost } from './claude-code.js'
import { codexHost } from './codex.js'
import { geminiCliHost } from './gemini-cli.js'
import type { Host } from './host.js'
import { plainHosts } from './plain-hosts.js'

/** All hosts that can be wired, those with hooks first. */
export const hosts: readonly Host[] = [claudeCodeHost, codexHost, geminiCliHost, ...plainHosts]
