import path from 'node:path'
import type { Environment } from '../environment/environment.js'

/** The name of a CLI to find, and the environment and home in which it is searched for. */
type Search = { name: string; environment: Environment; home: string }

/** Paths at which a CLI may be, in the order of the search: the folders of PATH, then those of known installers. */
export function executableCandidates(search: Search & { platform: NodeJS.Platform }): string[] {
  const windows = search.platform === 'win32'
  const { join, delimiter, isAbsolute } = windows ? path.win32 : path.posix
  const named = variable(search.environment, 'PATH').split(delimiter).map(unquoted)
  // Programs that a desktop starts get a short PATH.
  const wellKnown = windows ? windowsFolders(search) : posixFolders(search)
  const files = windows ? windowsFileNames(search) : [search.name]
  // A relative folder depends on the working folder, where a project may have put anything.
  const folders = [...named, ...wellKnown].filter((folder) => isAbsolute(folder))
  return folders.flatMap((folder) => files.map((file) => join(folder, file)))
}

function posixFolders({ name, home }: Search): string[] {
  return [
    `${home}/.local/bin`, // claude's own installer, pipx, many others
    `${home}/.${name}/local`, // claude's local installation
    `${home}/.${name}/bin`,
    '/opt/homebrew/bin', // Homebrew on Apple silicon
    '/usr/local/bin', // Homebrew on Intel, npm, packages
    '/home/linuxbrew/.linuxbrew/bin',
    path.dirname(process.execPath), // npm -g under nvm, fnm, asdf: beside the node that runs us
    `${home}/.npm-global/bin`,
    `${home}/.bun/bin`,
    `${home}/.volta/bin`,
    `${home}/.asdf/shims`,
    `${home}/.local/share/mise/shims`,
    `${home}/.local/share/pnpm`,
    `${home}/Library/pnpm`,
    `${home}/.yarn/bin`,
    `${home}/.nix-profile/bin`,
    '/usr/bin',
    '/snap/bin',
  ]
}

function windowsFolders({ environment, home }: Search): string[] {
  const roaming = variable(environment, 'APPDATA') || `${home}\\AppData\\Roaming`
  const local = variable(environment, 'LOCALAPPDATA') || `${home}\\AppData\\Local`
  return [
    `${home}\\.local\\bin`, // claude's own installer
    `${roaming}\\npm`, // npm -g
    `${local}\\Microsoft\\WinGet\\Links`,
    `${local}\\pnpm`,
    `${local}\\Volta\\bin`,
    `${home}\\.bun\\bin`,
    `${home}\\scoop\\shims`,
    'C:\\ProgramData\\chocolatey\\bin',
  ]
}

/** File names on Windows. Never the bare name, under which npm puts a shell script that Windows cannot run. */
function windowsFileNames({ name, environment }: Search): string[] {
  const extensions = variable(environment, 'PATHEXT') || '.COM;.EXE;.BAT;.CMD'
  return extensions
    .split(';')
    .flatMap((extension) => (extension === '' ? [] : [name + extension.toLowerCase()]))
}

/** A variable by its name in any case, because Windows writes `Path` for `PATH`. */
function variable(environment: Environment, name: string): string {
  const exact = environment[name]
  if (exact !== undefined) return exact
  return Object.entries(environment).find(([key]) => key.toUpperCase() === name)?.[1] ?? ''
}

function unquoted(folder: string): string {
  return folder.replace(/^"(.*)"$/, '$1')
}
