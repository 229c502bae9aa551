import { claudeCodeHost } from './claude-code.js'
import { codexHost } from './codex.js'
import { geminiCliHost } from './gemini-cli.js'
import type { Host } from './host.js'
import { hostsWithoutHooks } from './hosts-without-hooks.js'

export const hosts: readonly Host[] = [claudeCodeHost, codexHost, geminiCliHost, ...hostsWithoutHooks]
