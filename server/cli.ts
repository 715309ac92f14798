import { run } from './cli/main.ts'

/** The way in for `xiaoyan <command>`; the commands themselves are in `cli/`. */
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
