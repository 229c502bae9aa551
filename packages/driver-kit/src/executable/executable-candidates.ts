import path from 'node:path'
import type { Environment } from '../environment/environment.js'

/**
 * The name of a CLI to find, and the environment and home in which it is searched for. `foldersIn` lists the names of the
 * folders in a folder, none for a missing one.
 */
export type ExecutableSearch = {
  name: string
  environment: Environment
  home: string
  platform: NodeJS.Platform
  foldersIn: (folder: string) => readonly string[]
}

/** Paths at which a CLI may be, in the order of the search: the folders of PATH, then those of known installers. */
export function listExecutableCandidates(search: ExecutableSearch): string[] {
  const windows = search.platform === 'win32'
  const { join, isAbsolute } = windows ? path.win32 : path.posix
  const named = splitPathVariable(search.environment, search.platform)
  // Programs that a desktop starts get a short PATH.
  const wellKnown = windows ? windowsFolders(search) : posixFolders(search)
  const files = windows ? windowsFileNames(search) : [search.name]
  // A relative folder depends on the working folder, where a project may have put anything.
  const folders = [...named, ...wellKnown].filter((folder) => isAbsolute(folder))
  return folders.flatMap((folder) => files.map((file) => join(folder, file)))
}

/** The folders of PATH, in their order. */
export function splitPathVariable(environment: Environment, platform: NodeJS.Platform): string[] {
  const { delimiter } = platform === 'win32' ? path.win32 : path.posix
  return variable(environment, 'PATH').split(delimiter).map(unquoted)
}

function posixFolders({ name, home, environment, foldersIn }: ExecutableSearch): string[] {
  return [
    `${home}/.local/bin`, // claude's own installer, pipx, many others
    `${home}/.${name}/local`, // claude's local installation
    `${home}/.${name}/bin`,
    '/opt/homebrew/bin', // Homebrew on Apple silicon
    '/usr/local/bin', // Homebrew on Intel, npm, packages
    '/home/linuxbrew/.linuxbrew/bin',
    path.dirname(process.execPath), // npm -g under nvm, fnm, asdf: beside the node that runs us
    `${home}/.npm-global/bin`,
    `${home}/.npm-packages/bin`,
    `${home}/.bun/bin`,
    `${environment['VOLTA_HOME'] || `${home}/.volta`}/bin`,
    ...versionsIn(`${environment['NVM_DIR'] || `${home}/.nvm`}/versions/node`, 'bin'),
    ...fnmFolders(home, environment).flatMap((folder) => versionsIn(folder, 'installation/bin')),
    `${environment['N_PREFIX'] || `${home}/n`}/bin`,
    `${home}/.nodenv/shims`,
    `${home}/.asdf/shims`,
    `${home}/.local/share/mise/shims`,
    `${home}/.local/share/pnpm`,
    `${home}/Library/pnpm`,
    `${home}/.yarn/bin`,
    `${home}/.nix-profile/bin`,
    '/opt/local/bin', // MacPorts
    `${home}/bin`,
    '/usr/bin',
    '/snap/bin',
  ]

  /** The folders of all versions of Node that a version manager has, the newest first. */
  function versionsIn(folder: string, programs: string): string[] {
    return newestFirst(foldersIn(folder)).map((version) => `${folder}/${version}/${programs}`)
  }
}

/** fnm has its versions in the folder for data, which an older release of it had in the home. */
function fnmFolders(home: string, environment: Environment): string[] {
  const own = environment['FNM_DIR']
  const data = environment['XDG_DATA_HOME'] || `${home}/.local/share`
  const defaults = [`${data}/fnm`, `${home}/Library/Application Support/fnm`, `${home}/.fnm`]
  return [...(own ? [own] : []), ...defaults].map((folder) => `${folder}/node-versions`)
}

function newestFirst(versions: readonly string[]): string[] {
  return versions.toSorted((one, other) => other.localeCompare(one, 'en', { numeric: true }))
}

function windowsFolders({ environment, home, foldersIn }: ExecutableSearch): string[] {
  const roaming = variable(environment, 'APPDATA') || `${home}\\AppData\\Roaming`
  const local = variable(environment, 'LOCALAPPDATA') || `${home}\\AppData\\Local`
  const fnm = `${variable(environment, 'FNM_DIR') || `${roaming}\\fnm`}\\node-versions`
  return [
    `${home}\\.local\\bin`, // claude's own installer
    `${roaming}\\npm`, // npm -g
    `${local}\\Microsoft\\WinGet\\Links`,
    `${local}\\pnpm`,
    `${local}\\Volta\\bin`,
    `${home}\\.bun\\bin`,
    `${home}\\scoop\\shims`,
    'C:\\ProgramData\\chocolatey\\bin',
    path.win32.dirname(process.execPath), // npm -g beside the node that runs us
    variable(environment, 'NVM_SYMLINK') || 'C:\\nvm4w\\nodejs', // nvm for Windows: the version in use
    `${variable(environment, 'PROGRAMFILES') || 'C:\\Program Files'}\\nodejs`,
    ...newestFirst(foldersIn(fnm)).map((version) => `${fnm}\\${version}\\installation`),
  ]
}

/** File names on Windows. Never the bare name, under which npm puts a shell script that Windows cannot run. */
function windowsFileNames({ name, environment }: ExecutableSearch): string[] {
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
