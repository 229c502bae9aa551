import { isInVariableGroups, splitAtSpaces, type VariableGroup } from './variable-group.js'

/**
 * Variables that change how a program starts: the code that it loads, the programs and configuration that it finds, and the
 * servers that it trusts. Written in capitals; `isProgramStartVariable` ignores case.
 */
export const programStartVariables: readonly VariableGroup[] = [
  {
    reason: 'code that is loaded into every program',
    names: splitAtSpaces('GCONV_PATH GETCONF_DIR LOCPATH NLSPATH LIBPATH SHLIB_PATH GLIBC_TUNABLES'),
    prefixes: splitAtSpaces('LD_ DYLD_ MALLOC_ __CF __XPC_'),
  },
  {
    reason: 'where programs, homes and configuration are found',
    names: splitAtSpaces(
      'PATH PATHEXT COMSPEC SYSTEMROOT WINDIR HOME USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA',
      'PROGRAMFILES PSMODULEPATH SHELL PWD OLDPWD TMPDIR TEMP TMP USER LOGNAME',
    ),
    prefixes: splitAtSpaces('XDG_'),
  },
  {
    reason: 'what a shell runs or reads as it starts',
    names: splitAtSpaces(
      'BASH_ENV ENV BASHOPTS SHELLOPTS PROMPT_COMMAND PS0 PS1 PS2 PS4 ZDOTDIR IFS CDPATH FPATH',
      'GLOBIGNORE HISTFILE INPUTRC POSIXLY_CORRECT READNULLCMD NULLCMD',
    ),
    prefixes: splitAtSpaces('BASH_FUNC_ FISH_ ZSH_'),
  },
  {
    reason: 'programs that other programs start',
    names: splitAtSpaces(
      'EDITOR VISUAL PAGER MANPAGER BROWSER TERMINFO TERMINFO_DIRS TERMCAP LESSOPEN LESSCLOSE LESS',
      'SSH_ASKPASS SUDO_ASKPASS SUDO_EDITOR RSYNC_RSH CVS_RSH TAR_OPTIONS GREP_OPTIONS',
      'RIPGREP_CONFIG_PATH FZF_DEFAULT_COMMAND FZF_DEFAULT_OPTS DISPLAY XAUTHORITY',
    ),
    prefixes: splitAtSpaces('GIT_ SVN_ HG GPG_ GNUPG DIRENV_ MISE_ ASDF_ NIX_ GUIX_'),
    suffixes: splitAtSpaces('_PAGER _EDITOR _ASKPASS _PRELOAD'),
  },
  {
    reason: 'code, modules and options that a language runtime loads',
    names: splitAtSpaces(
      'CLASSPATH JAVA_HOME JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS JAVA_OPTS PHPRC',
      'PHP_INI_SCAN_DIR TCLLIBPATH ERL_LIBS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ELIXIR_ERL_OPTIONS',
      'GOFLAGS GOPROXY GOPATH GOROOT GOENV GOBIN GOTOOLCHAIN GONOSUMDB GOSUMDB GOINSECURE GOPRIVATE',
      'GONOPROXY GODEBUG GOEXPERIMENT GOCACHEPROG GOAUTH GUILE_LOAD_PATH OCAMLRUNPARAM NPM_EXECPATH',
      'NPM_NODE_EXECPATH NPM_COMMAND',
    ),
    prefixes: splitAtSpaces(
      'NODE_ NPM_CONFIG_ NPM_PACKAGE_ NPM_LIFECYCLE_ YARN_ PNPM_ BUN_ DENO_ COREPACK_ TS_NODE_ TSX_',
      'ELECTRON_ NVM_ FNM_ VOLTA_ PYTHON PIP_ PIPX_ PIPENV_ UV_ POETRY_ CONDA_ VIRTUAL_ENV PYENV_',
      'JUPYTER PERL RUBY GEM_ BUNDLE_ RBENV_ RVM_ LUA_ R_ JULIA_ COMPOSER_ MAVEN_ GRADLE_ ANT_ SBT_',
      'KOTLIN_ DOTNET_ COMPLUS_ CORECLR_ COR_ MSBUILD NUGET_ CGO_ RUSTC RUSTFLAGS RUSTDOC RUSTUP_',
      'CARGO_ SWIFT GHC STACK_ CABAL_',
    ),
  },
  {
    reason: 'programs and options of builds and tests',
    names: splitAtSpaces(
      'MAKEFLAGS MAKEFILES GNUMAKEFLAGS MFLAGS MAKEOVERRIDES CC CXX CPP LD AR AS NM CFLAGS CXXFLAGS',
      'CPPFLAGS LDFLAGS LIBRARY_PATH CPATH COMPILER_PATH GCC_EXEC_PREFIX PKG_CONFIG PKG_CONFIG_PATH',
      'PKG_CONFIG_LIBDIR M4PATH AUTOM4TE',
    ),
    prefixes: splitAtSpaces('CMAKE_ MESON_ BAZEL_ CCACHE_ PYTEST_ JEST_ VITEST DEVELOPER_DIR SDKROOT'),
  },
  {
    reason: 'servers, proxies and certificates',
    names: splitAtSpaces(
      'CURL_HOME WGETRC NETRC HOSTALIASES LOCALDOMAIN RES_OPTIONS REQUESTS_CA_BUNDLE SSL_CERT_FILE',
      'SSL_CERT_DIR SSLKEYLOGFILE AWS_CA_BUNDLE DOCKER_HOST DOCKER_CONFIG KUBECONFIG',
      'AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_PROFILE CLOUDSDK_CONFIG BOTO_CONFIG',
      'OPENSSL_CONF GOOGLE_APPLICATION_CREDENTIALS PGSERVICEFILE PGSYSCONFDIR MYSQL_HOME ODBCINI',
      'ODBCSYSINI',
    ),
    prefixes: splitAtSpaces('OPENSSL_ CURL_ OTEL_ GRPC_ TF_CLI_ HELM_ BUILDKIT_ CONTAINER_'),
    suffixes: splitAtSpaces(
      '_PROXY PROXY _BASE_URL _BASEURL _API_BASE _API_URL _API_HOST _ENDPOINT _ENDPOINT_URL',
      '_CA_BUNDLE _CA_CERTS _CAINFO _CERT_FILE',
    ),
  },
  {
    reason: 'settings of the CLIs and of subagent-mcp',
    names: splitAtSpaces('AGENTS_DIR SKILLS_DIR EXPERTISE_DIR IS_SANDBOX'),
    prefixes: splitAtSpaces('SUBAGENT_MCP_ CLAUDE_ CODEX_ GEMINI_CLI_ QWEN_CODE_ OPENCODE_ MCP_ DISABLE_'),
  },
]

export function isProgramStartVariable(name: string): boolean {
  return isInVariableGroups(programStartVariables, name.toUpperCase())
}
