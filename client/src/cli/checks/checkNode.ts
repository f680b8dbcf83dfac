import { type Check, check } from './check.ts'

const REQUIRED_MAJOR = 24

/** The Node that runs this. */
export function checkNode(version: string): Check {
  const isNewEnough = Number(version.split('.')[0]) >= REQUIRED_MAJOR
  return check(
    { id: 'node', title: 'Node', purpose: 'The daemon is TypeScript that Node runs as it is.' },
    {
      status: isNewEnough ? 'pass' : 'fail',
      actual: version,
      required: REQUIRED_MAJOR,
      unit: 'major version, at least',
      remediation: isNewEnough ? null : `Install Node ${REQUIRED_MAJOR} or newer.`,
    },
  )
}
