/** One thing that was looked at. */
export type Check = {
  id: string
  title: string
  /** fail: the machine cannot sell until this is mended; warn: it can; skip: it could not be looked at. */
  status: 'pass' | 'fail' | 'warn' | 'info' | 'skip'
  actual: string | number | null
  required: string | number | null
  unit: string | null
  /** Why it matters. */
  purpose: string
  /** What to do; null if there is nothing to do. */
  remediation: string | null
}

type Parts = Pick<Check, 'id' | 'title' | 'purpose'>

/** Says of one thing how it went, with what differs from "it is fine and has no unit". */
export function check(about: Parts, found: Partial<Check> & Pick<Check, 'status' | 'actual'>): Check {
  const { id, title, purpose } = about
  const { status, actual, required = null, unit = null, remediation = null } = found
  return { id, title, status, actual, required, unit, purpose, remediation }
}

/** Runs a check that may throw or hang: that counts as failed, with the reason. */
export async function guarded(
  about: Parts,
  timeoutMs: number,
  look: () => Promise<Check | Check[]>,
): Promise<Check[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  try {
    return [await Promise.race([look(), late])].flat()
  } catch (error) {
    return [failedCheck(about, error)]
  } finally {
    clearTimeout(timer)
  }
}

/** A check that failed with an error, which may say what to do. */
export function failedCheck(about: Parts, error: unknown): Check {
  const suggestion = error instanceof Error && 'suggestion' in error ? String(error.suggestion) : null
  const actual = error instanceof Error ? error.message : String(error)
  return check(about, { status: 'fail', actual, remediation: suggestion })
}
