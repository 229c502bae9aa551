// The entry of every npm script. An old Node must be able to parse this file, so that it can print the error below.
// Newer syntax is allowed in the imported files only.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `subagent-mcp needs Node 20.19 or later, but this is ${process.version}: install a newer one from https://nodejs.org/en/download`,
  )
  process.exitCode = 1
} else {
  import('./run/main.mjs')
    .then(({ main }) => main(process.argv.slice(2)))
    .catch((error) => {
      console.error(error)
      return 1
    })
    .then((code) => (process.exitCode = code))
}
