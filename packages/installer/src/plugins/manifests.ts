import { mcpServerName } from '@subagent-mcp/contract'
import { pluginFlag } from '../hosts/server-entry.js'
import { createJsonPluginFile, pluginServerCommand, formatRepositoryAddress, type PluginFile, type PluginSource } from './plugin-source.js'

/** The entry of the MCP registry, for `mcp-publisher`, which accepts it only once npm has the package with the same `mcpName`. */
export function createMcpRegistryEntry(source: PluginSource): PluginFile {
  const { name, mcpName, version, description, homepage, repository } = source
  return createJsonPluginFile('server.json', {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: mcpName,
    title: name,
    description,
    version,
    websiteUrl: homepage,
    repository: { url: formatRepositoryAddress(repository.url), source: 'github', subfolder: repository.directory },
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        packageArguments: [{ type: 'positional', value: 'serve' }],
      },
    ],
  })
}

/** The manifest of the `.mcpb` bundle for Claude Desktop, in which the program is installed below `node_modules`. */
export function createMcpbManifest(source: PluginSource): PluginFile {
  const { name, version, description, keywords, author, license, homepage, repository, engines } = source
  const script = `node_modules/${name}/bin/${name}.js`
  const args = ['serve', pluginFlag, 'claude-desktop']
  return createJsonPluginFile('plugins/mcpb/manifest.json', {
    manifest_version: '0.3',
    name: mcpServerName,
    version,
    description,
    author: { name: author },
    repository: { type: 'git', url: formatRepositoryAddress(repository.url) },
    homepage,
    license,
    keywords: [...keywords],
    server: {
      type: 'node',
      entry_point: script,
      mcp_config: { command: 'node', args: [`\${__dirname}/${script}`, ...args] },
    },
    compatibility: { runtimes: { node: engines.node } },
  })
}

/** The links that add our MCP server to Cursor and VS Code, as lines of Markdown. They write the entry that `setup` writes. */
export function formatInstallLinks(): string {
  const entry = { command: pluginServerCommand.command, args: ['serve'] }
  const cursor = new URLSearchParams({
    name: mcpServerName,
    config: Buffer.from(JSON.stringify(entry)).toString('base64'),
  })
  const vscode = encodeURIComponent(JSON.stringify({ name: mcpServerName, ...entry }))
  return [
    `- Cursor: [add subagent-mcp](cursor://anysphere.cursor-deeplink/mcp/install?${cursor.toString()})`,
    `- VS Code: [add subagent-mcp](vscode:mcp/install?${vscode})`,
  ].join('\n')
}
