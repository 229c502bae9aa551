import { execa } from 'execa'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { commandPackage } from './packages.js'

/**
 * Packs the bundle for Claude Desktop of this system, `subagent-mcp-<version>-<system>.mcpb`, from the version that the registry
 * has. It contains the program with its native code, which npm chooses for the system.
 */
export async function bundle(into: string): Promise<void> {
  const app = commandPackage()
  const contents = join(into, 'bundle')
  rmSync(contents, { recursive: true, force: true })
  mkdirSync(contents, { recursive: true })
  const release = `${app.name}@${app.version}`
  await execa('npm', ['install', '--prefix', contents, '--no-audit', '--no-fund', release], {
    stdio: 'inherit',
  })
  copyFileSync('plugins/mcpb/manifest.json', join(contents, 'manifest.json'))
  const file = join(into, `${app.name}-${app.version}-${process.platform}-${process.arch}.mcpb`)
  const packer = createRequire(import.meta.url).resolve('@anthropic-ai/mcpb')
  await execa({ node: true, stdio: 'inherit' })(join(dirname(packer), 'cli/cli.js'), ['pack', contents, file])
  rmSync(contents, { recursive: true })
}
