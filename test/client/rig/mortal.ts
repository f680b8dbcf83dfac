// The daemon, which kills itself the first time a moment comes: node mortal.ts CONFIG MOMENT
import { runDaemon } from '../../../client/src/runDaemon.ts'

const [config = '', wanted = ''] = process.argv.slice(2)
process.exitCode = await runDaemon({
  config,
  parentPipe: true,
  searchPath: process.env.PATH ?? '',
  atMoment(moment) {
    if (moment === wanted) process.kill(process.pid, 'SIGKILL')
  },
})
