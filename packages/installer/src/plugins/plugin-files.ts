import { mcpServerName } from '@subagent-mcp/contract'
import { managedBlockText } from '../blocks/block-body.js'
import { createMcpbManifest, createMcpRegistryEntry } from './manifests.js'
import { createJsonPluginFile, createPluginHostEntries, formatRepositoryAddress, type PluginFile, type PluginSource } from './plugin-source.js'

/** The files of all plugins, of their marketplaces, of the `.mcpb` bundle and of the entry in the MCP registry. */
export function createPluginFiles(source: PluginSource): PluginFile[] {
  return [
    ...claudePlugin(source),
    ...codexPlugin(source),
    ...geminiExtension(source),
    createMcpRegistryEntry(source),
    createMcpbManifest(source),
  ]
}

const review = `When the user wants changes reviewed ("ask Codex to review what you did"), or before you commit a change that matters, call \`invoke\` with \`agent: "reviewer"\`: a model of another vendor reads the changes, changes nothing, and answers with a verdict and findings by file and line. Check each finding before you act on it.`

/** The skill that all plugins have: when to delegate, and to whom. Its text is that of \`init\`. */
const delegateSkill = `---
name: delegate
description: Delegate work to coding agents of other models with subagent-mcp. Use it when the user asks for a review, a second opinion or work by another model or vendor (Claude, Codex, Gemini), or when a task splits into parts that can be described on their own.
---

${managedBlockText}

## Review by another vendor

${review}
`

/** The context that Gemini CLI sends with each request, so it is short; the skill has the rest. */
const geminiContext = `The \`subagent-mcp\` tools start coding agents of other models as sub-agents. Read the skill \`delegate\` before you use them.

${review}
`

/** A command of Claude Code that the prompts of the MCP server cannot be: it works while the server does not start. */
const doctorCommand = `---
description: Check the installation of subagent-mcp
allowed-tools: Bash(subagent-mcp doctor:*)
---

Run \`subagent-mcp doctor\` and tell me its first problem with the command that mends it, or that there is none. Change nothing without asking me. If the command is not found, subagent-mcp is not installed: this plugin starts it by its name, from PATH.
`

const skillPath = 'skills/delegate/SKILL.md'

function claudePlugin(source: PluginSource): PluginFile[] {
  const { name, description, author } = source
  const { server, hooks } = createPluginHostEntries('claude')
  const folder = 'plugins/claude'
  return [
    createJsonPluginFile('.claude-plugin/marketplace.json', {
      name,
      owner: { name: author },
      metadata: { description },
      plugins: [{ name, source: `./${folder}`, description }],
    }),
    createJsonPluginFile(`${folder}/.claude-plugin/plugin.json`, manifest(source)),
    createJsonPluginFile(`${folder}/.mcp.json`, { mcpServers: { [mcpServerName]: server } }),
    createJsonPluginFile(`${folder}/hooks/hooks.json`, { hooks }),
    { path: `${folder}/${skillPath}`, text: delegateSkill },
    { path: `${folder}/commands/doctor.md`, text: doctorCommand },
  ]
}

function codexPlugin(source: PluginSource): PluginFile[] {
  const { name, description } = source
  const { server, hooks } = createPluginHostEntries('codex')
  const folder = 'plugins/codex'
  return [
    // Codex would read the marketplace of Claude Code, too, if it had none of its own.
    createJsonPluginFile('.agents/plugins/marketplace.json', {
      name,
      plugins: [
        {
          name,
          source: { source: 'local', path: `./${folder}` },
          policy: { installation: 'AVAILABLE', authentication: 'ON_INSTALL' },
          category: 'Productivity',
        },
      ],
    }),
    createJsonPluginFile(`${folder}/.codex-plugin/plugin.json`, {
      ...manifest(source),
      skills: './skills/',
      mcpServers: './.mcp.json',
      hooks: './hooks/hooks.json',
      interface: { displayName: name, shortDescription: description, category: 'Productivity' },
    }),
    createJsonPluginFile(`${folder}/.mcp.json`, { mcpServers: { [mcpServerName]: server } }),
    createJsonPluginFile(`${folder}/hooks/hooks.json`, { hooks }),
    { path: `${folder}/${skillPath}`, text: delegateSkill },
  ]
}

function geminiExtension({ name, version, description }: PluginSource): PluginFile[] {
  // Gemini CLI has one hook line for all systems, and PowerShell on Windows. The line for Windows runs in every shell.
  const { server, hooks } = createPluginHostEntries('gemini', 'windows')
  // Gemini CLI does not let an extension trust its own server.
  const { trust: _, ...entry } = server
  const folder = 'plugins/gemini'
  return [
    createJsonPluginFile(`${folder}/gemini-extension.json`, {
      name,
      version,
      description,
      mcpServers: { [mcpServerName]: entry },
      contextFileName: 'GEMINI.md',
    }),
    createJsonPluginFile(`${folder}/hooks/hooks.json`, { hooks }),
    { path: `${folder}/GEMINI.md`, text: geminiContext },
    { path: `${folder}/${skillPath}`, text: delegateSkill },
  ]
}

function manifest({
  name,
  version,
  description,
  author,
  homepage,
  license,
  keywords,
  repository,
}: PluginSource) {
  return {
    name,
    version,
    description,
    author: { name: author },
    homepage,
    repository: formatRepositoryAddress(repository.url),
    license,
    keywords: [...keywords],
  }
}
