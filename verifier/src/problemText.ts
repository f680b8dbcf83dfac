import { Blocked, Undecidable } from './bundle/blocked.ts'
import { isInputError } from './bundle/read.ts'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'is not yours to read or write',
  EEXIST: 'exists already',
  EISDIR: 'is a folder, not a file',
  ENOENT: 'does not exist',
  ENOSPC: 'does not fit on the disk',
  ENOTDIR: 'is not a folder',
}

/** What went wrong and what to do about it, in sentences. Of what is no known problem, the stack. */
export function problemText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof Blocked)
    return `The bundle cannot be replayed: it ${error.message}. Run verify to see why.`
  if ('suggestion' in error) return withAdvice(error.message, String(error.suggestion))
  if ('syscall' in error) return pathText(error)
  const isKnown: boolean = error instanceof Undecidable || isInputError(error)
  return isKnown ? error.message : (error.stack ?? error.message)
}

function withAdvice(message: string, advice: string): string {
  if (message.includes(advice)) return message
  return `${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice}`
}

function pathText(error: Error & { code?: unknown; path?: unknown }): string {
  const why = WHY[String(error.code)]
  if (why === undefined || typeof error.path !== 'string') return error.message
  return `${error.path} ${why}. Check the path. Nothing was decided, and no money moved.`
}
