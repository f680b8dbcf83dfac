// A vitest reporter: writes what countVitest reads into TRAINYARD_REPORT. Vitest's own JSON has neither the time that hooks
// take nor what failed in the hooks of a `describe`.
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { TestError, VitestReport } from './testCounts.ts'

export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const report: VitestReport = {
      files: modules.map((file) => ({
        name: file.relativeModuleId,
        ms: file.diagnostic().collectDuration + file.diagnostic().duration,
        errors: [file.errors(), ...Array.from(file.children.allSuites(), (suite) => suite.errors())]
          .flat()
          .map(reasonOf),
        tests: Array.from(file.children.allTests(), (test) => ({
          name: test.fullName,
          status: test.result().state,
          errors: (test.result().errors ?? []).map(reasonOf),
        })),
      })),
      unhandled: unhandled.map(reasonOf),
    }
    writeFileSync(process.env.TRAINYARD_REPORT!, JSON.stringify(report))
  }
}

const reasonOf = ({ name, message, stack, diff }: SerializedError): TestError => ({
  message: name && name !== 'Error' ? `${name}: ${message}` : message,
  stack: stack ?? '',
  diff: typeof diff === 'string' ? diff : '',
})
